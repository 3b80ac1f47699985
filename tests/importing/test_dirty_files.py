"""Each dirty file has its exact account, and leaves the case valid or as it was."""

import hashlib

import pytest

from pollwitness.case import read_case
from tests.importing.dirty import case_folder, counts, imported, mapping
from tests.importing.dirty_texts import TEXTS


def digest(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_there_are_at_least_sixty_dirty_files():
    assert len(TEXTS) >= 60


@pytest.mark.parametrize("name", TEXTS)
def test_a_dirty_file_has_its_exact_account(name, tmp_path):
    dirty = TEXTS[name]
    folder = case_folder(tmp_path / "case")
    before = digest(folder)
    rules = mapping(dirty.source, dirty.tables)
    account = imported(folder, dirty.content, rules)
    table = account.tables[-1].table if account.tables else "stations"
    assert counts(account, table) == dirty.counted
    assert account.skipped == dirty.skipped
    assert tuple(str(problem) for problem in account.problems) == dirty.problems
    assert account.written is not bool(dirty.problems)
    if dirty.problems:
        assert digest(folder) == before
    read_case(folder)


@pytest.mark.parametrize("name", [n for n, dirty in TEXTS.items() if not dirty.problems])
def test_importing_again_changes_nothing(name, tmp_path):
    dirty = TEXTS[name]
    folder = case_folder(tmp_path / "case")
    rules = mapping(dirty.source, dirty.tables)
    imported(folder, dirty.content, rules)
    before = digest(folder)
    again = imported(folder, dirty.content, rules)
    assert {t.added + t.changed for t in again.tables} == {0}
    assert digest(folder) == before


@pytest.mark.parametrize("name", [n for n, dirty in TEXTS.items() if dirty.problems])
def test_accepting_the_rest_writes_it_and_lists_the_others(name, tmp_path):
    dirty = TEXTS[name]
    folder = case_folder(tmp_path / "case")
    rules = mapping(dirty.source, dirty.tables)
    account = imported(folder, dirty.content, rules, accept_partial=True)
    assert account.written
    rejects = (folder / "rejects.csv").read_text(encoding="utf-8").splitlines()
    assert rejects[0].startswith("rejected row,rejected why,")
    assert len(rejects) == 1 + account.rejected_rows
    assert {int(line.split(",")[0]) for line in rejects[1:]} == {
        problem.row for problem in account.problems
    }
    read_case(folder)


def test_what_is_read_is_what_stands_in_the_file(tmp_path):
    """The same two stations come out of each of the encodings."""
    for name in ("utf-16 little with mark", "utf-16 big with mark", "utf-16 little without mark",
                 "utf-16 big, marked though named", "cp1251"):  # fmt: skip
        folder = case_folder(tmp_path / name.replace(" ", "-"))
        imported(folder, TEXTS[name].content, mapping(TEXTS[name].source))
        names = read_case(folder).tables.table("stations")["name"].to_list()
        assert names == ["School", "Гімназія № 5"]
