"""Older mail below, above and between what is new, as the usual mail programs write it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.seeds import examples
from ticketopt.triage.mail import written_body
from ticketopt.triage.text import read_fields

NEW = "The printer on floor 2 needs new toner."
OLD = "VPN outage, P1! Nobody in the whole company can work, please help immediately."

HEADS = {
    "Gmail": "On Mon, Nov 23, 2026 at 9:00 AM Jo Doe <jo@x.com> wrote:",
    "Gmail, wrapped": "On Mon, Nov 23, 2026 at 9:00 AM Johannes Maximilian Doe\n<jo@example-company.com> wrote:",
    "Gmail, wrapped twice": "On Mon, Nov 23, 2026 at 9:00 AM Johannes Maximilian Doe via IT\n<it@example.com>\nwrote:",
    "Apple Mail": "On 23 Nov 2026, at 09:00, Jo Doe <jo@x.com> wrote:",
    "Yahoo": "On Monday, November 23, 2026 at 09:00:00 AM GMT+1, Jo Doe <jo@x.com> wrote:",
    "Thunderbird": "On 23/11/2026 09:00, Jo Doe wrote:",
    "Zoho": "---- On Mon, 23 Nov 2026 09:00:00 +0100 Jo Doe <jo@x.com> wrote ----",
    "Notes": "Jo Doe/ACME wrote on 23.11.2026 09:00:",
    "Notes, block": "From:\tJo Doe/ACME\nTo:\tIT\nDate:\t23.11.2026 09:00\nSubject:\tP1 outage",
    "Notes, table": "Jo Doe/ACME\n23.11.2026 09:00\n\nTo\nIT/ACME@ACME\ncc\n\nSubject\nP1 outage\n",
    "Notes, German table": "Jo Doe/ACME 23.11.2026 09:00\n\nAn\nIT/ACME\nKopie\n\nThema\nP1\n",
    "Horde": "Quoting Jo Doe <jo@x.com>:",
    "Horde, German": "Zitat von Jo Doe <jo@x.de>:",
    "Romanian Gmail": "lun., 23 nov. 2026 la 09:00, Jo Doe <jo@x.ro> a scris:",
    "Romanian Outlook": "De la: Jo Doe\nTrimis: luni, 23 noiembrie 2026 09:00\nCătre: IT\nSubiect: P1",
    "Greek Outlook": "Από: Jo Doe\nΣτάλθηκε: 23 Νοεμβρίου 2026 09:00\nΠρος: IT\nΘέμα: P1",
    "Ukrainian Gmail": "пн, 23 лист. 2026 р. о 09:00 Jo Doe <jo@x.ua> пише:",
    "Korean Outlook": "보낸 사람: Jo Doe\n보낸 날짜: 2026년 11월 23일 9:00\n받는 사람: IT\n제목: P1",
    "Outlook": "From: Jo Doe <jo@x.com>\nSent: Monday, 23 November 2026 09:00\nTo: IT\nSubject: P1 outage",
    "Outlook, importance": "From: Jo Doe\nSent: Monday, 23 November 2026 09:00\nTo: IT; Ops\nCc: Al\nSubject: P1\nImportance: High",
    "Outlook, mobile": "Get Outlook for iOS<https://aka.ms/x>\n________________________________\nFrom: Jo Doe <jo@x.com>\nSent: Monday\nSubject: P1",
    "Outlook, old": "-----Original Message-----\nFrom: Jo Doe [mailto:jo@x.com]\nSent: Monday\nTo: IT\nSubject: P1",
    "Samsung": "-------- Original message --------\nFrom: Jo Doe <jo@x.com>\nDate: 23/11/2026 09:00 (GMT+01:00)\nSubject: P1",
    "Proton": "Sent with Proton Mail secure email.\n\n\u2010\u2010\u2010\u2010\u2010\u2010\u2010 Original Message \u2010\u2010\u2010\u2010\u2010\u2010\u2010\nOn Monday, November 23rd, 2026 at 9:00 AM, Jo <jo@x.com> wrote:",
    "German Outlook": "Von: Jo Doe\nGesendet: Montag, 23. November 2026 09:00\nAn: IT\nBetreff: P1 Ausfall",
    "German Gmail": "Am Mo., 23. Nov. 2026 um 09:00 Uhr schrieb Jo Doe <jo@x.de>:",
    "German Thunderbird": "Am 23.11.2026 um 09:00 schrieb Jo Doe:",
    "German bar": "-----Ursprüngliche Nachricht-----\nVon: Jo Doe\nBetreff: P1",
    "French Outlook": "De : Jo Doe <jo@x.fr>\nEnvoyé : lundi 23 novembre 2026 09:00\nÀ : IT\nObjet : P1",
    "French Gmail": "Le lun. 23 nov. 2026 à 09:00, Jo Doe <jo@x.fr> a écrit :",
    "Spanish Gmail": "El lun, 23 nov 2026 a las 9:00, Jo Doe (<jo@x.es>) escribió:",
    "Spanish Outlook": "De: Jo Doe\nEnviado el: lunes, 23 de noviembre de 2026 9:00\nPara: IT\nAsunto: P1",
    "Portuguese Gmail": "Em seg., 23 de nov. de 2026 às 09:00, Jo Doe <jo@x.pt> escreveu:",
    "Portuguese Outlook": "De: Jo Doe\nEnviada em: segunda-feira, 23 de novembro de 2026 09:00\nPara: IT\nAssunto: P1",
    "Italian Gmail": "Il giorno lun 23 nov 2026 alle ore 09:00 Jo Doe <jo@x.it> ha scritto:",
    "Italian Outlook": "Da: Jo Doe\nInviato: lunedì 23 novembre 2026 09:00\nA: IT\nOggetto: P1",
    "Dutch Gmail": "Op ma 23 nov. 2026 om 09:00 schreef Jo Doe <jo@x.nl>:",
    "Dutch Outlook": "Van: Jo Doe\nVerzonden: maandag 23 november 2026 09:00\nAan: IT\nOnderwerp: P1",
    "Polish Gmail": "pon., 23 lis 2026 o 09:00 Jo Doe <jo@x.pl> napisał(a):",
    "Polish Outlook": "Od: Jo Doe\nWysłano: poniedziałek, 23 listopada 2026 09:00\nDo: IT\nTemat: P1",
    "Swedish Gmail": "Den mån 23 nov. 2026 kl 09:00 skrev Jo Doe <jo@x.se>:",
    "Swedish Outlook": "Från: Jo Doe\nSkickat: den 23 november 2026 09:00\nTill: IT\nÄmne: P1",
    "Danish Gmail": "Den man. 23. nov. 2026 kl. 09.00 skrev Jo Doe <jo@x.dk>:",
    "Norwegian Outlook": "Fra: Jo Doe\nSendt: mandag 23. november 2026 09:00\nTil: IT\nEmne: P1",
    "Finnish Gmail": "ma 23. marrask. 2026 klo 9.00 Jo Doe (jo@x.fi) kirjoitti:",
    "Finnish Outlook": "Lähettäjä: Jo Doe\nLähetetty: maanantai 23. marraskuuta 2026 9.00\nVastaanottaja: IT\nAihe: P1",
    "Czech Gmail": "po 23. 11. 2026 v 9:00 odesílatel Jo Doe <jo@x.cz> napsal:",
    "Czech Outlook": "Od: Jo Doe\nOdesláno: pondělí 23. listopadu 2026 9:00\nKomu: IT\nPředmět: P1",
    "Turkish Gmail": "Jo Doe <jo@x.tr>, 23 Kas 2026 Pzt, 09:00 tarihinde şunu yazdı:",
    "Turkish Outlook": "Kimden: Jo Doe\nGönderildi: 23 Kasım 2026 Pazartesi 09:00\nKime: IT\nKonu: P1",
    "Russian Gmail": "пн, 23 нояб. 2026 г. в 09:00, Jo Doe <jo@x.ru>:",
    "Russian Outlook": "От: Jo Doe\nОтправлено: 23 ноября 2026 г. 9:00\nКому: IT\nТема: P1",
    "Chinese Gmail": "Jo Doe <jo@x.cn> 于2026年11月23日周一 09:00写道：",
    "Chinese Outlook": "发件人: Jo Doe <jo@x.cn>\n发送时间: 2026年11月23日 9:00\n收件人: IT\n主题: P1",
    "Chinese QQ": "------------------ 原始邮件 ------------------\n发件人: \"Jo\" <jo@qq.com>;\n主题: P1",
    "Japanese Gmail": "2026年11月23日(月) 9:00 Jo Doe <jo@x.jp>:",
    "Japanese Outlook": "差出人: Jo Doe\n送信日時: 2026年11月23日 9:00\n宛先: IT\n件名: P1",
    "Hungarian, without words of ours": "________________________________\nKészítő: Jo Doe <jo@x.hu>\nIdőpont: 2026. november 23. 9:00\nCélzott: IT",
    "helpdesk follow-up": 'This is a follow-up to your previous request #796963 "P1: VPN outage"',
    "Zendesk": "##- Please type your reply above this line -##\nJo Doe, Nov 23, 09:00:",
    "Jira": "--- Reply above this line ---",
    "German helpdesk": "--- Bitte antworten Sie oberhalb dieser Zeile ---",
    "French helpdesk": "##- Veuillez saisir votre réponse au-dessus de cette ligne -##",
    "Spanish helpdesk": "##- Escriba su respuesta por encima de esta línea -##",
    "OTRS": "=-=-=-= To answer by email, write above this line =-=-=-=",
    "moved between accounts": "Begin forwarded message:\n\nFrom: Jo Doe <jo@x.com>\nSubject: P1 outage",
}  # fmt: skip


def says(description: str, title: str = "Re: toner") -> dict[str, float]:
    """Each word of the description and the most that it counts."""
    text = read_fields(title, description)[1]
    most: dict[str, float] = {}
    for word, weight in zip(text.words, text.weights, strict=True):
        most[word] = max(most.get(word, 0.0), weight)
    return most


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("mark", ["", "> "])
def test_what_is_repeated_counts_little(head: str, mark: str) -> None:
    words = says(f"{NEW}\n\n{head}\n" + "\n".join(mark + line for line in (OLD, "VPN is down", "Regards", "Jo")))
    assert words["printer"] > 1 and words["toner"] > 1
    assert words["VPN"] <= 0.2 and words["outage"] <= 0.2


@pytest.mark.parametrize(
    "text",
    [
        "From: Berlin\nTo: Munich\nDate: 12 May\nClass: second\nPlease book the VPN outage desk",
        "Steps:\n1. open the VPN\n2. wait\nExpected: an answer\nActual: an outage at 10:00",
        "On Monday at 9:00 the VPN was down:\nno outage since",
        "Hello\nName: Jo\nPhone: 123\nProblem: VPN outage",
        "The log says\nError: VPN outage\nCode: 12\nWhen: 2026-11-23 09:00",
        "Please answer above all the VPN outage.\nThanks a lot for that",
        "VPN outage\n----------\nIt is the original message of the gateway",
        "Bitte den VPN outage ansehen:\nAm Montag, den 23.11., um 9:00 war er wieder da",
        "Item | Count\nVPN outage | 3",
        "# 4711\nThe VPN outage is back",
        "We wrote to the provider:\nVPN outage",
    ],
)
def test_plain_texts_repeat_nothing(text: str) -> None:
    assert [part for part in written_body(text).parts if part.kind == "quoted"] == []
    words = says(text)
    assert words["VPN"] >= 1 and words["outage"] >= 1


FORWARDS = [
    ("Fwd: printer", "FYI\n\n---------- Forwarded message ---------\nFrom: Jo Doe <jo@x.com>\nDate: Mon, Nov 23, 2026 at 9:00 AM\nSubject: printer\nTo: IT <it@x.com>\n\n"),
    ("FW: printer", "Hi Bob,\ncan you please take care of this?\n\nThanks\nAnn\n\nFrom: Jo Doe\nSent: Monday, 23 November 2026 09:00\nTo: Ann\nSubject: printer\n\n"),
    ("WG: Drucker", "Zur Info, bitte ansehen.\n\nVon: Jo Doe\nGesendet: Montag, 23. November 2026 09:00\nAn: IT\nBetreff: Drucker\n\n"),
    ("TR: imprimante", "Pour information\n\nDe : Jo Doe\nEnvoyé : lundi 23 novembre 2026 09:00\nÀ : IT\nObjet : imprimante\n\n"),
    ("RV: impresora", "\n\nDe: Jo Doe\nEnviado: lunes, 23 de noviembre de 2026 9:00\nPara: IT\nAsunto: impresora\n\n"),
    ("ENC: impressora", "Segue abaixo\n\nDe: Jo Doe\nEnviada em: segunda-feira, 23 de novembro de 2026\nPara: IT\nAssunto: impressora\n\n"),
    ("I: stampante", "Vedi sotto\n\nInizio messaggio inoltrato:\n\nDa: Jo Doe <jo@x.it>\nOggetto: stampante\n\n"),
    ("printer", "Begin forwarded message:\n\nFrom: Jo Doe <jo@x.com>\nSubject: printer\nDate: 23 November 2026\nTo: IT\n\n"),
    ("Drucker", "Anfang der weitergeleiteten Nachricht:\n\nVon: Jo Doe <jo@x.de>\nBetreff: Drucker\n\n"),
    ("printer", "-------- Forwarded Message --------\nSubject: printer\nDate: Mon, 23 Nov 2026 09:00:00 +0100\nFrom: Jo Doe <jo@x.com>\nTo: IT\n\n"),
    ("Re: printer", "Best regards\nAnn, VPN\n\nOn Mon, Nov 23, 2026, Jo Doe <jo@x.com> wrote:\n\n"),
    ("Fwd: Fwd: printer", "FYI\n\n---------- Forwarded message ---------\nFrom: A <a@x.com>\nSubject: Fwd: printer\n\nfyi\n\n---------- Forwarded message ---------\nFrom: B <b@x.com>\nSubject: printer\n\n"),
    ("转发: 打印机", "请看\n\n发件人: Jo Doe <jo@x.cn>\n发送时间: 2026年11月23日 9:00\n主题: 打印机\n\n"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "above"), FORWARDS)
def test_a_mail_that_is_passed_on_without_a_word_is_the_ticket(title: str, above: str) -> None:
    words = says(above + "The toner leaks everywhere.\n\nKind regards\nJo Doe\nVPN team", title)
    assert words["toner"] >= 1 and words["leaks"] >= 1
    assert words["VPN"] <= 0.2


def test_a_mail_that_is_passed_on_with_words_is_not() -> None:
    words = says(f"The scanner of the second floor shows stripes.\n\n{HEADS['Gmail']}\n{OLD}", "Fwd: hello")
    assert words["scanner"] > 1 and words["VPN"] <= 0.2


def test_quotations_in_tags_of_jira() -> None:
    words = says(f"{NEW}\n\n{{quote}}{OLD}\nVPN is down{{quote}}\n\nThe scanner is fine.")
    assert words["printer"] > 1 and words["scanner"] >= 1 and words["VPN"] <= 0.2


def test_answers_below_and_between_count() -> None:
    text = f"{HEADS['Gmail']}\n> Is the VPN down?\n\nNo, the printer is.\n\n> Which outage?\n\nToner leaks."
    words = says(text)
    assert words["printer"] >= 1 and words["Toner"] >= 1 and words["VPN"] <= 0.2 and words["outage"] <= 0.2


@given(st.lists(st.sampled_from([*HEADS.values(), NEW, OLD, "", "> x", "Regards", "-- ", "Von: a", "\x0b", "FYI"])))
@settings(max_examples=examples(80), deadline=None)
def test_any_mixture_is_read_and_its_parts_lie_in_it(lines: list[str]) -> None:
    text = "\n".join(lines)
    written = written_body(text, "Fwd: x")
    assert written.text == text
    assert all(0 <= part.start <= part.end <= len(text) for part in written.parts)
