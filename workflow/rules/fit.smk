rule fit_method:
    """Fit one method to one block, each replicate in a process of its own; failures become status rows."""
    input:
        data="results/{study}/{scenario}/data/{block}.npz",
    output:
        arrays="results/{study}/{scenario}/fits/{method}/{block}.npz",
        rows="results/{study}/{scenario}/fits/{method}/{block}.json",
    log:
        "logs/{study}/{scenario}/fit_method/{method}/{block}.log",
    retries: 1
    conda:
        study_environment
    threads: 1
    resources:
        mem_mb=fit_memory_mb,
        runtime=fit_minutes,
    params:
        job=fit_job,
    script:
        "../scripts/fit_method.py"
