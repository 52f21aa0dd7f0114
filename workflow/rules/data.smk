rule draw_data:
    """Draw the data sets of one block of replicates; every method sees the same ones."""
    input:
        user_files,
    output:
        data="results/{study}/{scenario}/data/{block}.npz",
    log:
        "logs/{study}/{scenario}/draw_data/{block}.log",
    cache: True
    conda:
        "../../envs/base.yaml"
    threads: 1
    resources:
        mem_mb=ask.usual_memory_mb,
        runtime=ask.usual_minutes,
    params:
        job=ask.data_job,
    script:
        "../scripts/draw_data.py"
