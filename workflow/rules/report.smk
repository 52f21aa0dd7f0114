report: "../report/workflow.rst"


rule plot_study:
    """The figures of a study: each as SVG, PNG and the numbers behind it."""
    input:
        scores="results/{study}/scores.parquet",
        runs="results/{study}/runs.parquet",
        summary="results/{study}/summary.csv",
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
        job=figure_job,
    script:
        "../scripts/plot_study.py"


rule render_report:
    """One self-contained HTML file, and the record of what produced it."""
    input:
        runs=study_tables("runs.parquet"),
        summaries=study_tables("summary.csv"),
        costs=study_tables("costs.csv"),
        standings=study_tables("standings.csv"),
        comparisons=study_tables("comparisons.csv"),
        tunings=study_tables("tunings.csv"),
        claims=study_tables("claims.json"),
        figures=study_tables("figures"),
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
    threads: 1
    params:
        job=report_job,
    script:
        "../scripts/render_report.py"
