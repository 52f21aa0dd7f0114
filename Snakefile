"""Seedbed: reproducible experiments in statistical learning. See README.md; settings are in config.yaml."""

from snakemake.utils import min_version

min_version("9.27")


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/fit.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/benchmark.smk"
include: "workflow/rules/archive.smk"


# The environment of an answer depends on what is asked, of which the recipe of a container knows nothing.
if "--containerize" not in sys.argv:

    include: "workflow/rules/answer.smk"


rule all:
    default_target: True
    input:
        "results/report.html",
        "results/provenance.json",


onstart:
    start_run()


onsuccess:
    print_summary(succeeded=True)


onerror:
    print_summary(succeeded=False)
