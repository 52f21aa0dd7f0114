report: "../report/workflow.rst"


rule plot_study:
    """The figures of a study in the formats asked for, and the numbers behind them."""
    input:
        scores="results/{study}/scores.parquet",
        runs="results/{study}/runs.parquet",
        summary="results/{study}/summary.csv",
        costs="results/{study}/costs.csv",
        comparisons="results/{study}/comparisons.csv",
    output:
        figures=report(
            directory("results/{study}/figures"),
            patterns=["{figure}.svg"],
            caption="../report/figures.rst",
            category="{study}",
            subcategory="Figures",
            labels={"figure": "{figure}"},
        ),
    log:
        "logs/{study}/plot_study.log",
    localrule: True
    conda:
        "../../envs/report.yaml"
    threads: 1
    params:
        job=ask.figure_job,
    script:
        "../scripts/plot_study.py"


rule render_report:
    """One self-contained HTML file, and the record of what produced it."""
    input:
        runs=ask.study_tables("runs.parquet"),
        scores=ask.study_tables("scores.parquet"),
        summaries=ask.study_tables("summary.csv"),
        costs=ask.study_tables("costs.csv"),
        standings=ask.study_tables("standings.csv"),
        comparisons=ask.study_tables("comparisons.csv"),
        tunings=ask.study_tables("tunings.csv"),
        claims=ask.study_tables("claims.json"),
        figures=ask.study_tables("figures"),
    output:
        report=report(
            "results/report.html",
            caption="../report/report.rst",
            category="Report",
            labels={"file": "the whole report"},
        ),
        provenance="results/provenance.json",
    log:
        "logs/render_report.log",
    localrule: True
    conda:
        "../../envs/report.yaml"
    threads: 8  # studies that are described side by side; as many as there are cores
    params:
        job=ask.report_job,
    script:
        "../scripts/render_report.py"
