"""The plan, and what the rules ask of it: the only place where rules and library meet."""

import gc
import sys
from pathlib import Path

from snakemake import __version__ as snakemake_version
from snakemake.exceptions import WorkflowError

sys.path.insert(0, str(Path(workflow.current_basedir) / ".." / "scripts"))

# A plan is millions of objects that stay: to look through them for garbage again and again took a twelfth of a rerun.
gc.set_threshold(200_000, 50, 1000)

from seedbed.core.jobs.interruption import end_when_interrupted

ROOT = Path(workflow.current_basedir).resolve().parents[1]
if workflow.is_main_process and ROOT == Path(workflow.main_snakefile).resolve().parent:
    # Not as a module: an outer workflow ends in its own way. The keyboard reaches jobs too, which would each say so.
    if end_when_interrupted(workflow):
        shell.prefix("set -euo pipefail; trap '' INT; ")

from seedbed.core.recall.findings import keep_findings, recall_findings
from seedbed.core.planning.answer_plan import check_answer
from seedbed.core.planning.config import make_plan
from seedbed.core.config.config_file import check_config_files
from seedbed.core.planning.rule_answers import RuleAnswers
from seedbed.core.errors import UserError, printable
from seedbed.core.job_processes.fork_server import offer_fork_servers
from seedbed.core.keeping.earlier_report import mark_report
from seedbed.core.job_processes.job_log import forgive_loggers
from seedbed.core.job_processes.package_path import note_run_environment
from seedbed.core.jobs.scheduling import relieve_jobs, relieve_scheduler
from seedbed.core.job_processes.served_scripts import serve_scripts
from seedbed.core.keeping.result_files import data_files, result_files
from seedbed.core.keeping.run_lock import hold_run_lock
from seedbed.core.keeping.run_summary import REPORT, print_summary
from seedbed.core.planning.working_folder import check_folder, check_results, mend_dates

note_run_environment()
recall_findings()
try:
    check_folder()
    QUOTED = check_config_files(workflow.configfiles or ["config.yaml"])
except UserError as error:
    raise WorkflowError(str(error)) from None


# --configfile replaces config.yaml as a whole: a merge of the two could not leave a method out.
if not workflow.overwrite_configfiles:

    configfile: "config.yaml"


try:
    PLAN = make_plan(
        config,
        check=workflow.is_main_process,
        own_environments=bool(workflow.deployment_settings.deployment_method),
        quoted=QUOTED,
        command_line=workflow.config_settings.config,
        results=str(Path(workflow.modifier.modify_path("results/report.html")).parent),
    )
    if workflow.is_main_process:
        check_answer(PLAN)
except UserError as error:
    raise WorkflowError(str(error)) from None
ask = RuleAnswers(PLAN, WorkflowError)  # rules ask it by wildcards
for note in PLAN.notes:  # stdout belongs to --dag and its kin
    print(printable(note), file=sys.stderr)


wildcard_constraints:
    study="[a-z][a-z0-9_]*",
    scenario="[^/]+",
    method="[^/]+",
    block=r"\d{4}-\d{4}",


def start_run():
    """Called when jobs are about to run, not in a dry run."""
    try:
        hold_run_lock()
        check_results()
        mend_dates()
        mark_report(REPORT)
    except UserError as error:
        raise WorkflowError(str(error)) from None
    keep_findings()
    relieve_scheduler(workflow)
    relieve_jobs(workflow)
    forgive_loggers()
    if workflow.local_exec:
        offer_fork_servers()
        serve_scripts()


def user_files(wildcards):
    """The user's own files that a scenario reads; as a module too they lie where the config says."""
    files = ask.study(wildcards).scenarios[wildcards.scenario].files
    return [local(file) for file in files]


def study_environment(wildcards):
    """The conda environment of the study or of the method: only fits and benchmarks need heavy libraries."""
    return ask.environment_file(wildcards)


def answer_environment(wildcards):
    """The same of the method that an answer fits."""
    return ask.answer_environment(wildcards)


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
