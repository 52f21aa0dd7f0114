rule archive:
    """The run in one file, a Workflow RO-Crate: config, code, results and provenance."""
    input:
        results=archived_results,
        drawn=archived_data,
    output:
        archive="results/seedbed.crate.zip",
    log:
        "logs/archive.log",
    conda:
        "../../envs/base.yaml"
    threads: 1
    params:
        job=archive_job,
    script:
        "../scripts/archive.py"


rule verify:
    """Rerun a sample of an archive's cells and compare: snakemake verify --config archive=FILE."""
    log:
        "logs/verify.log",
    localrule: True
    conda:
        "../../envs/base.yaml"
    threads: all_cores
    params:
        job=verify_job,
    script:
        "../scripts/verify.py"
