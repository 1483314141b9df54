# 医保问答 in a container. Everything is fetched while it is built; nothing is at run time.
#   docker build -t yibao .
#   docker run -p 127.0.0.1:7860:7860 -v yibao:/data --read-only --tmpfs /tmp yibao
ARG PYTHON=3.11
FROM python:${PYTHON}-slim AS built

WORKDIR /src
COPY pyproject.toml README.md LICENSE app.py ./
COPY corpus corpus
COPY index index
COPY assistant assistant

# torch from PyPI is the plain CPU build for the versions that pyproject.toml names
# EXTRAS="[postgres]": for several page processes on one database (deploy/many.yaml)
ARG EXTRAS=
RUN python -m venv /opt/yibao/venv
RUN /opt/yibao/venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check ".${EXTRAS:-}"
RUN cp app.py /opt/yibao/app.py

# One question unpacks the weights, fills the word cache, builds the store – and shows that it answers.
ENV YIBAO_STORE=/data/store \
    YIBAO_FEEDBACK=/data/feedback.db \
    YIBAO_CACHE=/opt/yibao/cache
RUN mkdir -p /data && cd /opt/yibao && venv/bin/python -m assistant 职工医保断缴两个月怎么补缴

FROM python:${PYTHON}-slim

# libgomp: faiss and torch count in threads with it
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data --no-create-home yibao
COPY --from=built /opt/yibao /opt/yibao
COPY --from=built --chown=yibao:yibao /data /data

# only /data and /tmp are written to: the root can be mounted read-only
ENV YIBAO_STORE=/data/store \
    YIBAO_FEEDBACK=/data/feedback.db \
    YIBAO_CACHE=/opt/yibao/cache \
    PATH=/opt/yibao/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONUTF8=1 \
    OMP_WAIT_POLICY=PASSIVE
USER yibao
WORKDIR /data
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=10s --start-period=180s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7860/readyz', timeout=8)"]
CMD ["python", "/opt/yibao/app.py", "--host", "0.0.0.0", "--port", "7860"]
