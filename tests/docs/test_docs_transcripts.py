"""The tool that runs the commands of a page: it tells what happens, and sees a page that tells something else."""

from __future__ import annotations

import sys
from pathlib import Path

import docs_pages
import pytest
import transcripts

STORY = """\
# A page

```yaml file=contracts/acme-lab.yaml
apiVersion: rollout/v1
kind: VendorContract
metadata:
  name: acme-lab
spec:
  vendor: Acme Lab
  category: model-lab
  startsOn: 2026-01-15
  endsOn: 2028-12-31
```

```diff file=contracts/acme-lab.yaml
   startsOn: 2026-01-15
-  endsOn: 2028-12-31
+  endsOn: 2027-01-14
```

```console run
$ penstock check --select LV801 --as-of 2026-11-20
something else
$ echo $?
7
$ penstock explain nothing
```

```console run head=2
$ penstock explain LV801
```

```console
$ penstock is not run here
```
"""


def test_a_page_is_told_again() -> None:
    told = transcripts.retold(STORY)
    before, after = told.split("```console run\n")
    assert before == STORY.split("```console run\n")[0]
    shown, rest = after.split("```\n", 1)
    assert shown.split("\n") == [
        "$ penstock check --select LV801 --as-of 2026-11-20",
        "No findings: 1 manifest in 1 rollout, 15 rules, as of 2026-11-20.",
        "$ echo $?",
        "0",
        "$ penstock explain nothing",
        "penstock: error: there is no rule `nothing`",
        "  = help: `penstock rules` lists them",
        "",
    ]
    assert "LV801 contract-term-over-a-year (error)\nA lab or" in rest
    assert rest.count("...\n") == 1
    assert rest.endswith("```console\n$ penstock is not run here\n```\n")


def test_a_stale_page_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    page = tmp_path / "page.md"
    monkeypatch.setattr(transcripts, "PAGES", (page,))
    monkeypatch.setattr(transcripts, "retold", lambda text: "```console run\n12 rules, 1 manifest\n```\n")
    monkeypatch.setattr("pages.settle.ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["tools/transcripts.py", "--check"])
    page.write_text("```console run\n12 rules, 2 manifests\n```\n")
    assert transcripts.main() == 1
    assert capsys.readouterr().err == "page.md is stale: run python tools/transcripts.py\n"
    # What passes with every rule and release is not compared.
    page.write_text("```console run\n99 rules, 1 manifest\n```\n")
    assert transcripts.main() == 0


def test_a_change_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"contracts/acme-lab\.yaml does not hold these lines once"):
        transcripts.retold(STORY.replace("-  endsOn: 2028-12-31", "-  endsOn: 2030-12-31"))


def test_what_comes_before_a_word_is_left_out() -> None:
    page = "```console run from=Why head=2\n$ penstock explain LV801\n```\n"
    lines = transcripts.retold(page).split("\n")
    assert lines[1:4] == ["$ penstock explain LV801", "...", "Why"]
    assert lines[4:] == ["...", "```", ""]
    with pytest.raises(ValueError, match="no line begins with Whence"):
        transcripts.retold(page.replace("from=Why", "from=Whence"))


def test_commits_are_the_same_on_every_day() -> None:
    page = "```console run\n$ git init -q\n$ git commit -q --allow-empty -m x\n$ git rev-parse HEAD\n```\n"
    assert "\nc28bc8f8015a2dd523cfe14d53708c10a783510b\n" in transcripts.retold(page)


def test_other_commands_are_refused() -> None:
    with pytest.raises(ValueError, match="not: curl"):
        transcripts.retold("```console run\n$ curl example\n```\n")


def test_blocks() -> None:
    page = "a\n```yaml manifest\nx: 1\n```\n  ~~~\n  ```\n  b\n  ~~~\n"
    first, second = docs_pages.blocks(page)
    assert (first.language, first.words, first.body, first.first, first.last) == (
        "yaml",
        ("manifest",),
        "x: 1\n",
        1,
        3,
    )
    assert (second.language, second.words, second.body) == ("", (), "```\nb\n")
    with pytest.raises(ValueError, match="line 2 is not closed"):
        list(docs_pages.blocks("a\n```\nb"))
