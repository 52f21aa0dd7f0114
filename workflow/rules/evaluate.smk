rule score_scenario:
    """Every metric of every fit of one scenario."""
    input:
        data=ask.scenario_data,
        arrays=ask.scenario_arrays,
        rows=ask.scenario_rows,
    output:
        scores="results/{study}/{scenario}/scores.parquet",
        runs="results/{study}/{scenario}/runs.parquet",
    log:
        "logs/{study}/{scenario}/score_scenario.log",
    conda:
        "../../envs/base.yaml"
    threads: 1
    resources:
        mem_mb=ask.usual_memory_mb,
        runtime=ask.usual_minutes,
    params:
        job=ask.score_job,
    script:
        "../scripts/score_scenario.py"


rule collect_scores:
    """The tidy tables of a study: the cut between what is expensive and what is cheap."""
    input:
        scores=ask.scenario_scores,
        runs=ask.scenario_runs,
        tunings=ask.study_tunings,
    output:
        scores="results/{study}/scores.parquet",
        runs="results/{study}/runs.parquet",
        tunings="results/{study}/tunings.csv",
    log:
        "logs/{study}/collect_scores.log",
    localrule: True
    conda:
        "../../envs/base.yaml"
    threads: 1
    params:
        job=ask.collect_job,
    script:
        "../scripts/collect_scores.py"


rule summarise_study:
    """Means and costs with intervals, standings, paired comparisons, the verdicts on the claims."""
    input:
        scores="results/{study}/scores.parquet",
        runs="results/{study}/runs.parquet",
    output:
        summary=report(
            "results/{study}/summary.csv",
            caption="../report/summary.rst",
            category="{study}",
            subcategory="Tables",
            labels={"table": "means"},
        ),
        costs=report(
            "results/{study}/costs.csv",
            caption="../report/costs.rst",
            category="{study}",
            subcategory="Tables",
            labels={"table": "costs"},
        ),
        standings=report(
            "results/{study}/standings.csv",
            caption="../report/standings.rst",
            category="{study}",
            subcategory="Tables",
            labels={"table": "standings"},
        ),
        comparisons=report(
            "results/{study}/comparisons.csv",
            caption="../report/comparisons.rst",
            category="{study}",
            subcategory="Tables",
            labels={"table": "paired comparisons"},
        ),
        claims=report(
            "results/{study}/claims.json",
            caption="../report/claims.rst",
            category="{study}",
            subcategory="Tables",
            labels={"table": "claims ledger"},
        ),
        state="results/{study}/state.json",
    log:
        "logs/{study}/summarise_study.log",
    localrule: True
    conda:
        "../../envs/base.yaml"
    threads: 1
    params:
        job=ask.summary_job,
    script:
        "../scripts/summarise_study.py"
