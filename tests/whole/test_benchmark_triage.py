"""The evaluation command measures what it says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks.alarm import OF_WORDS, Fit, Group, fitted, left_out, likeliest, line_of
from benchmarks.alarm import main as fit_alarm
from benchmarks.blend import main as fit
from benchmarks.labelled import Truth, calibration_error, gamma, ranking, urgency
from benchmarks.lexicon_ablation import main as ablation
from benchmarks.lexicon_start import main as ready
from benchmarks.triage import main

from ticketopt import Reading
from ticketopt.triage import compiled
from ticketopt.triage.encoders.static import default_encoder
from ticketopt.triage.text import read_fields

QUEUE = {
    "agents": [
        {"agent_id": "a", "skills": {"Printing": 5}, "availability_status": "Available"},
        {"agent_id": "b", "skills": {"VPN": 5}, "availability_status": "Available"},
    ],
    "tickets": [
        {"ticket_id": "1", "title": "paper jam, no rush", "description": ""},
        {"ticket_id": "2", "title": "P1 tunnel drops", "description": ""},
    ],
}
TRUTH = "ticket_id,urgency,primary_skills,secondary_skills\n1,low,Printing,\n2,critical,VPN,\n"


def test_gamma() -> None:
    assert gamma(np.array([0, 1, 2]), np.array([0.1, 0.5, 0.9])) == 1
    assert gamma(np.array([0, 1, 2]), np.array([0.9, 0.5, 0.1])) == -1
    assert gamma(np.array([0, 1]), np.array([0.5, 0.5])) == 0


def test_a_queue_with_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    queue, truth = tmp_path / "q.json", tmp_path / "q_truth.csv"
    queue.write_text(json.dumps(QUEUE), encoding="utf-8")
    truth.write_text(TRUTH, encoding="utf-8")
    main([str(queue), "--json"])
    found = json.loads(capsys.readouterr().out)
    ours = found["measures"]["ticketopt"]
    assert (ours["main skill first"], ours["given to a holder"], ours["urgency gamma"]) == (1, 2, 1)
    assert found["holders by the truth"] == 2 and found["sets"] == {"q": 2}
    assert found["levels"] == [[1, 0, 0, 0], [0] * 4, [0] * 4, [0, 0, 0, 1]]
    assert found["lead"]["chance"]["main skill first"][1] <= found["lead"]["chance"]["main skill first"][2]
    main([str(tmp_path)])
    assert "main skill first" in capsys.readouterr().out


def test_the_measures_by_hand() -> None:
    readings = [Reading({"a": 0.6, "b": 0.4}, 1.0), Reading({"c": 0.5, "b": 0.3, "d": 0.2}, 0.4), Reading({}, 0.4)]
    truths = [Truth(("A",), (), "critical"), Truth(("d", "x"), (), "low"), Truth(("a",), (), "")]
    found = ranking(readings, truths)
    assert found["main skill first"].tolist() == [1, 0, 0] and found["main skill in three"].tolist() == [1, 1, 0]
    levels = urgency(readings, truths)
    assert np.nansum(levels["critical found"]) == 1 and np.isnan(levels["true level"][2])
    assert calibration_error(np.array([0.9, 0.9, 0.1, 0.1]), np.array([1.0, 1.0, 0.0, 0.0]), bins=2) == pytest.approx(
        0.1
    )


def test_weights_are_fitted_on_the_other_sets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.json").write_text(json.dumps(QUEUE), encoding="utf-8")
        (tmp_path / f"{name}_truth.csv").write_text(TRUTH, encoding="utf-8")
    fit([str(tmp_path)])
    *table, weights = capsys.readouterr().out.splitlines()
    assert "blend          first              one 1.000  two 1.000  all 1.000" in table[6]
    found = json.loads(weights.split(" ", 1)[1])
    assert set(found) == {"words", "share", "likeness", "unlinked", "common"} and found["common"] == 1


@pytest.mark.slow
def test_the_ablation_reads_a_folder_of_sets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.json").write_text(json.dumps(QUEUE), encoding="utf-8")
        (tmp_path / f"{name}_truth.csv").write_text(TRUTH, encoding="utf-8")
    ablation([str(tmp_path)])
    table, sets = capsys.readouterr().out.split("\n\n")
    rows = {line[:28].strip(): line[28:].split() for line in table.splitlines()[1:]}
    assert rows["all"][1:4] == ["1.000", "1.000", "+0.000"]
    assert int(rows["names"][0].replace(",", "")) < int(rows["all"][0].replace(",", ""))
    assert rows["names"][1] == "0.000" and rows["names"][3] == "-1.000"
    assert [line.split()[0] for line in sets.splitlines()[1:]] == ["one", "two"]
    assert "no hints 1.000/1.000" in sets and "names 0.000" not in sets


def test_a_new_process_says_how_long_it_took_to_be_ready(capsys: pytest.CaptureFixture[str]) -> None:
    ready([*("--rounds", "1"), *("--skills", "3")])
    lines = dict(line.split()[:2] for line in capsys.readouterr().out.splitlines())
    steps = [float(lines[step]) for step in ("lexicon", "links", "readers")]
    assert min(steps) >= 0 and sum(steps) == pytest.approx(float(lines["all"]), abs=0.2)
    assert lines["compiled"] == ("0.0" if compiled.load() is None else "1.0")


def _group(name: str, *texts: tuple[str, str]) -> Group:
    return Group(name, tuple(tuple(read_fields("", text)) for text, _ in texts), tuple(level for _, level in texts))


def test_the_alarm_points_where_critical_rows_lie() -> None:
    rows = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    east, north, intercept = likeliest(rows, np.array([True, False, False]), np.ones(3))
    assert east > 0.5 and abs(north) < 1e-4 and intercept < 0


def test_words_that_enough_texts_have_say_something_by_themselves() -> None:
    texts = [(f"green {k} and somebody", "critical") for k in "xyz"] + [(f"the of {k}", "low") for k in "uvw"]
    found = fitted([_group("one", *texts)], [])
    assert list(found.words) == ["green", "somebody"]
    alarm = found.alarm(0.0, default_encoder())
    assert alarm.words["somebody"] == alarm.words["green"] > 0
    assert alarm.words["green"] == round(found.free[-2] * OF_WORDS * 1000)


def test_an_alarm_is_not_fitted_on_what_is_left_out() -> None:
    one = _group("one", ("smoke and blood", "critical"), ("a new mouse", "calm"))
    two = _group("two", ("he is bleeding", "critical"), ("a green mouse", "low"))
    turned = _group("two", ("he is bleeding", "low"), ("a green mouse", "critical"))
    terse = [_group("terse", ("blue paint", "calm")), _group("terse", ("a chair", "calm"))]
    first, other = left_out([one, two], terse)[0], left_out([one, turned], terse)[0]
    assert not np.array_equal(first[0].free, other[0].free)
    np.testing.assert_array_equal(first[1].free, other[1].free)


def test_what_the_alarm_adds_is_counted() -> None:
    group = _group("one", ("smoke and blood", "critical"), ("a new mouse", "calm"), ("a chair", "high"))
    nothing = Fit((), np.zeros(default_encoder().dimension + 1))
    never, always = nothing.alarm(1.0, default_encoder()), nothing.alarm(-1.0, default_encoder())
    rules = [int((group.read(None) == 3)[k]) for k in range(3)]
    found, false, top = rules[0], rules[1], sum(rules)
    assert line_of(group, never) == [3, 1, found, found, false, false, top, top]
    assert line_of(group, always)[:2] == [3, 1] and line_of(group, always)[3::2] == [1, 1, 3]
    assert line_of(group, always)[2::2] == [found, false, top]


def test_the_alarm_is_measured_on_sets_that_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "q.json").write_text(json.dumps(QUEUE), encoding="utf-8")
    (tmp_path / "q_truth.csv").write_text(TRUTH, encoding="utf-8")
    fit_alarm([str(tmp_path)])
    last = capsys.readouterr().out.splitlines()[-1].split()
    assert last[:5] == ["q", "2", "1", "1", "1"]
