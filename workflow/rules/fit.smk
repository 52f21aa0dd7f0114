rule tune_method:
    """Choose the parameters of one method on data sets that are drawn for that alone."""
    output:
        tuning="results/{study}/{scenario}/tuning/{method}.json",
    log:
        "logs/{study}/{scenario}/tune_method/{method}.log",
    retries: 1
    conda:
        study_environment
    threads: 1
    resources:
        mem_mb=ask.fit_memory_mb,
        runtime=ask.tuning_minutes,
    params:
        job=ask.tuning_job,
    script:
        "../scripts/tune_method.py"


rule fit_method:
    """Fit one method to one block, apart from the job and under limits; failures become status rows."""
    input:
        data="results/{study}/{scenario}/data/{block}.npz",
        tuning=ask.tuning_file,
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
        mem_mb=ask.fit_memory_mb,
        runtime=ask.fit_minutes,
    params:
        job=ask.fit_job,
    script:
        "../scripts/fit_method.py"
