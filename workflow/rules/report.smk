rule plot_study:
    """The figures of a study: each as SVG, PNG and the numbers behind it."""
    input:
        scores="results/{study}/scores.parquet",
        runs="results/{study}/runs.parquet",
        summary="results/{study}/summary.csv",
    output:
        figures=directory("results/{study}/figures"),
    log:
        "logs/{study}/plot_study.log",
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
        figures=study_tables("figures"),
    output:
        report="results/report.html",
        provenance="results/provenance.json",
    log:
        "logs/render_report.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    params:
        job=report_job,
    script:
        "../scripts/render_report.py"
