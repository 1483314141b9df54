import sys
# stdin lines: file<TAB>old prefix<TAB>new line
for r in sys.stdin.read().split('\n'):
    if not r.strip(): continue
    f,a,b=r.split('\t')
    p='/tmp/authors/a5/'+f;s=open(p,encoding='utf-8').read().split('\n')
    idx=[i for i,l in enumerate(s) if l.startswith(a)]
    if len(idx)!=1: print('BAD',f,a,len(idx)); continue
    s[idx[0]]=b
    open(p,'w',encoding='utf-8').write('\n'.join(s))
