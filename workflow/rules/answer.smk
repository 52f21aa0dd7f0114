rule answer:
    """A chosen method on all rows: snakemake answer --config study=... scenario=... method=..."""
    input:
        ask.answer_files,
    localrule: True


rule answer_scenario:
    """Fit the chosen method to every row; labels as CSV, and a model that predicts on others."""
    input:
        files=user_files,
        tuning=ask.answer_tuning,
    output:
        labels="results/{study}/{scenario}/answer/labels.csv",
        model="results/{study}/{scenario}/answer/model.npz",
    log:
        "logs/{study}/{scenario}/answer_scenario.log",
    conda:
        answer_environment
    threads: 1
    resources:
        mem_mb=ask.answer_memory_mb,
        runtime=ask.answer_minutes,
    params:
        job=ask.answer_job,
    script:
        "../scripts/answer_scenario.py"


rule describe_answer:
    """A page on the answer: what was fitted, what the clusters are like, how to use it."""
    input:
        labels="results/{study}/{scenario}/answer/labels.csv",
        model="results/{study}/{scenario}/answer/model.npz",
    output:
        page="results/{study}/{scenario}/answer/page.html",
    log:
        "logs/{study}/{scenario}/describe_answer.log",
    localrule: True
    conda:
        "../../envs/report.yaml"
    threads: 1
    params:
        job=ask.page_job,
    script:
        "../scripts/describe_answer.py"
