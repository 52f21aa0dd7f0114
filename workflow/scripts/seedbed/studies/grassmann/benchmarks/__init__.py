"""Our code against its peers: ``snakemake benchmark``."""
