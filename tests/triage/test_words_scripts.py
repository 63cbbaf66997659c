"""Names in scripts without blanks, and in every form of Unicode."""

from __future__ import annotations

import unicodedata

import pytest

from ticketopt.problem.records import Ticket
from ticketopt.triage import read_tickets


@pytest.mark.parametrize(
    ("text", "skill", "other"),
    [
        ("三楼打印机卡纸", "打印机", "手机"),
        ("会议室的网络断了", "网络", "打印机"),
        ("VPN打不开", "VPN", "打印机"),
        ("三樓印表機卡紙", "印表機", "網路"),
        ("プリンターが紙詰まりです", "プリンター", "ネットワーク"),
        ("ﾌﾟﾘﾝﾀｰが紙詰まり", "プリンター", "ネットワーク"),
        ("メールが届かない", "メール", "プリンター"),
        ("3층 프린터가 고장났어요", "프린터", "네트워크"),
        ("เครื่องพิมพ์ชั้นสามกระดาษติด", "เครื่องพิมพ์", "เครือข่าย"),
        ("ＶＰＮが切れる", "VPN", "プリンター"),
    ],
)
def test_a_name_inside_a_sentence_is_found(text: str, skill: str, other: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        spelled = unicodedata.normalize(form, text)  # type: ignore[arg-type]
        (reading,) = read_tickets([Ticket(ticket_id=1, title=spelled)], skills=[other, skill], now=0.0)
        assert list(reading.skills) == [skill]
        assert all(e.words in spelled and len(e.words) <= 2 * len(skill) + 4 for e in reading.evidence)


def test_one_sign_of_a_name_is_not_the_name() -> None:
    (reading,) = read_tickets([Ticket(ticket_id=1, title="部门的手机坏了")], skills=["打印机", "门 禁"], now=0.0)
    assert reading.skills == {}


def test_characters_without_width_are_no_part_of_words() -> None:
    plain, marked = "Drucker defekt", "\u200eDru\u00adcker\u200b de\u2060fekt\ufeff"
    for name in ("Drucker", "Dru\u00adcker"):
        texts = [Ticket(ticket_id=k, title=title) for k, title in enumerate((plain, marked))]
        first, second = read_tickets(texts, skills=[name], now=0.0)
        assert first == second and len(first.skills) == 1
