"""Where a profile goes: to standard error behind the report, or to a file."""

from __future__ import annotations

import argparse
import sys

from penstock.cli.files import write_atomically
from penstock.course import OUTPUT, Course
from penstock.model import Report
from penstock.profile import Profile


def tell(course: Course, report: Report, arguments: argparse.Namespace) -> None:
    """Write the profile of a run, which its report does not hold."""
    if not isinstance(course, Profile):
        return
    from penstock.render.profile import render, render_json

    with course.part(OUTPUT):
        sys.stdout.flush()
    profiled = course.profiled()
    if arguments.profile:
        sys.stderr.write(render(profiled, report))
    if arguments.profile_json is not None:
        write_atomically(arguments.profile_json, render_json(profiled, report))
