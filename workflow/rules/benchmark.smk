rule benchmark:
    """Our code against its peers; the next run of the workflow shows the table in the report."""
    input:
        ask.study_tables("benchmark.csv"),
    localrule: True


rule run_benchmark:
    """The cases of one study, contenders in turn, one thread each."""
    output:
        table="results/{study}/benchmark.csv",
    log:
        "logs/{study}/run_benchmark.log",
    conda:
        study_environment
    threads: 1
    resources:
        mem_mb=8000,
        runtime=120,
    params:
        job=ask.benchmark_job,
    script:
        "../scripts/run_benchmark.py"
