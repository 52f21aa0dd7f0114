"""The plan, and what the rules ask of it: the only place where rules and library meet."""

import sys
from pathlib import Path

from snakemake import __version__ as snakemake_version
from snakemake.exceptions import WorkflowError

sys.path.insert(0, str(Path(workflow.current_basedir) / ".." / "scripts"))

from seedbed.core.config import make_plan
from seedbed.core.config_file import check_config_files
from seedbed.core.errors import UserError
from seedbed.core.fork_server import offer_fork_servers
from seedbed.core.later_run import mark_report
from seedbed.core.package_path import note_run_environment
from seedbed.core.result_files import data_files, result_files
from seedbed.core.run_lock import hold_run_lock
from seedbed.core.run_summary import REPORT, print_summary
from seedbed.core.working_folder import check_folder, mend_dates

note_run_environment()
try:
    check_folder()
    check_config_files(workflow.overwrite_configfiles or ["config.yaml"])
except UserError as error:
    raise WorkflowError(str(error)) from None


# --configfile replaces config.yaml as a whole: a merge of the two could not leave a method out.
if not workflow.overwrite_configfiles:

    configfile: "config.yaml"


try:
    PLAN = make_plan(config, check=workflow.is_main_process)
except UserError as error:
    raise WorkflowError(str(error)) from None


wildcard_constraints:
    study="[a-z_]+",
    scenario="[^/]+",
    method="[^/]+",
    block=r"\d{4}-\d{4}",


def start_run():
    """Called when jobs are about to run, not in a dry run."""
    try:
        hold_run_lock()
        mend_dates()
        mark_report(REPORT)
    except UserError as error:
        raise WorkflowError(str(error)) from None
    if workflow.local_exec:
        offer_fork_servers()


def study_plan(wildcards):
    """The plan of the study that a job belongs to."""
    try:
        return PLAN.studies[wildcards.study]
    except KeyError:
        known = ", ".join(PLAN.studies)
        raise WorkflowError(
            f"The config has no study '{wildcards.study}' (it has: {known})"
        ) from None


def cell_path(study, *parts):
    """A path below the study's results."""
    return Path("results", study, *parts).as_posix()


def user_files(wildcards):
    """The user's own files that a scenario reads."""
    return list(study_plan(wildcards).scenarios[wildcards.scenario].files)


def data_job(wildcards):
    return study_plan(wildcards).data_job(wildcards.scenario, wildcards.block)


def fit_job(wildcards):
    return study_plan(wildcards).fit_job(wildcards.scenario, wildcards.method)


def tuning_job(wildcards):
    return study_plan(wildcards).tuning_job(wildcards.scenario, wildcards.method)


def tuning_file(wildcards):
    """The parameters that were chosen for a fit, if its method is tuned."""
    plan = study_plan(wildcards)
    scenario = plan.tuned_on(wildcards.scenario, wildcards.method)
    name = f"{wildcards.method}.json"
    return [cell_path(wildcards.study, scenario, "tuning", name)] if scenario else []


def study_environment(wildcards):
    """The study's conda environment: only fits and benchmarks need heavy libraries."""
    return f"../../envs/{study_plan(wildcards).study.environment}.yaml"


def usual_memory_mb(wildcards, attempt):
    return 2000 * attempt


def usual_minutes(wildcards, attempt):
    return 30 * attempt


def fit_memory_mb(wildcards, attempt):
    """The limit of one fit, the idle process, and room to grow on retry."""
    limits = study_plan(wildcards).methods[wildcards.method].limits
    return int((limits["memory_mb"] + 1000) * attempt)


def fit_minutes(wildcards, attempt):
    """All replicates of the block at their limit."""
    return minutes_of(wildcards, study_plan(wildcards).replicates_per_job, attempt)


def tuning_minutes(wildcards, attempt):
    """All combinations on all data sets at their limit."""
    plan = study_plan(wildcards)
    return minutes_of(wildcards, plan.tuning_fits(wildcards.method), attempt)


def minutes_of(wildcards, fits, attempt):
    """So many fits of a method at their limit, and a start."""
    limits = study_plan(wildcards).methods[wildcards.method].limits
    return int((limits["seconds"] * fits / 60 + 5) * attempt)


def scenario_files(wildcards, kind, suffix):
    """One file per method and block, methods outermost, as ``score_job`` lists them."""
    plan, folder = study_plan(wildcards), (wildcards.study, wildcards.scenario, kind)
    return [
        cell_path(*folder, method, block + suffix)
        for method in plan.methods_of(wildcards.scenario)
        for block in plan.blocks
    ]


def scenario_data(wildcards):
    blocks = study_plan(wildcards).blocks
    return [
        cell_path(wildcards.study, wildcards.scenario, "data", f"{block}.npz")
        for block in blocks
    ]


def scenario_arrays(wildcards):
    return scenario_files(wildcards, "fits", ".npz")


def scenario_rows(wildcards):
    return scenario_files(wildcards, "fits", ".json")


def score_job(wildcards):
    return study_plan(wildcards).score_job(wildcards.scenario)


def scenario_scores(wildcards):
    return [
        cell_path(wildcards.study, name, "scores.parquet")
        for name in study_plan(wildcards).scenarios
    ]


def scenario_runs(wildcards):
    return [
        cell_path(wildcards.study, name, "runs.parquet")
        for name in study_plan(wildcards).scenarios
    ]


def study_tunings(wildcards):
    """What every tuned method was given, and what it was chosen from."""
    return [
        cell_path(wildcards.study, scenario, "tuning", f"{method}.json")
        for scenario, method in study_plan(wildcards).tunings()
    ]


def collect_job(wildcards):
    return study_plan(wildcards).collect_job()


def summary_job(wildcards):
    return study_plan(wildcards).summary_job(PLAN.report)


def figure_job(wildcards):
    return study_plan(wildcards).figure_job()


def study_tables(name):
    """The table of this name of every study in the config."""
    return [cell_path(study, name) for study in PLAN.studies]


def benchmark_job(wildcards):
    return study_plan(wildcards).benchmark_job()


def report_job(wildcards):
    """A function, since Snakemake would take braces in a title or a formula for wildcards."""
    return PLAN.report_job()


def archived_results(wildcards):
    return result_files(PLAN)


def archived_data(wildcards):
    return data_files(PLAN)


def archive_job(wildcards):
    return PLAN.archive_job(snakemake_version)


def verify_job(wildcards):
    """What to verify, and how to start Snakemake as this run was started."""
    settings = workflow.deployment_settings
    flags = [
        word for name in settings.deployment_method for word in ("--sdm", str(name))
    ]
    prefix = Path(settings.conda_prefix or ".snakemake/conda").resolve()
    flags += ["--conda-prefix", str(prefix)] if flags else []
    return PLAN.verify_job([sys.executable, "-m", "snakemake", *flags])


def all_cores(wildcards):
    return workflow.cores
