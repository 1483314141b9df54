"""Reading files and computing vectors for a refresh: here, in several processes, on many machines."""
