"""The pages of the lists for staff, driven like a person would."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance import daylight
from publiclists import grounds, services, tasks
from publiclists.models import ListEntry, Publication, PublicationEntry
from publiclists.queues import queues
from tests.institutions.builders import make_institution
from tests.publiclists.builders import (
    COUNTY,
    PNG,
    UNLICENSED,
    WHITE,
    after_window,
    back,
    make_decided,
    make_live,
    make_noticed,
    make_proposal,
)


def act(entry, name):
    return reverse("list-act", args=[entry.pk, name])


def text(response):
    return response.content.decode()


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """Orders are built by the sweep in these tests."""
    monkeypatch.setattr(tasks, "hurry", lambda pk: None)


def test_a_white_entry_goes_from_proposal_to_the_public_by_pages(world, sign_in, client):
    grounds.load()
    institution = make_institution(world)
    lin, luo, ning = sign_in(world.lin), sign_in(world.luo), sign_in(world.ning)
    url = f"{reverse('list-propose')}?kind=white&institution={institution.number}"
    lin.post(url, {"grounds": [WHITE], "reason": "证照齐全"})
    entry = ListEntry.objects.get()
    today = daylight.today().isoformat()
    lin.post(act(entry, "notice"), {"version": 1, "way": "paper", "served_on": today, "note": ""})
    entry.refresh_from_db()
    assert entry.status == "noticed"
    after_window()
    decision = {"version": entry.version, "decision": "同意", "number": "1号"}
    luo.post(act(entry, "decide"), decision)
    ning.post(reverse("list-publish", args=["white"]), {})
    tasks.build_waiting()
    assert "晨光艺术培训学校" in text(client.get("/public/lists/white/"))


def test_the_register_shows_entries_and_counts(world, sign_in):
    make_proposal(world)
    page = text(sign_in(world.lin).get(reverse("lists")))
    assert "晨光艺术培训学校" in page


def test_filters_narrow_the_rows_and_stay_in_the_address(world, sign_in):
    make_proposal(world)
    make_proposal(world, "BLACK", name="黑户")
    page = text(sign_in(world.lin).get(reverse("lists"), {"kind": "BLACK", "q": "黑"}))
    assert "黑户" in page
    assert "晨光" not in page


@pytest.mark.parametrize("query", ["?kind=x", "?status=x", "?queue=x", "?page=x&size=x&sort=x"])
def test_a_query_of_nonsense_is_answered(world, sign_in, query):
    make_proposal(world)
    assert sign_in(world.lin).get(reverse("lists") + query).status_code == 200


def test_the_export_has_the_rows_of_the_page(world, sign_in):
    make_proposal(world)
    response = sign_in(world.lin).get(reverse("lists"), {"export": "csv"})
    assert "晨光艺术培训学校" in b"".join(response.streaming_content).decode()


def test_an_empty_register_says_how_to_begin(world, sign_in):
    assert reverse("list-propose") in text(sign_in(world.lin).get(reverse("lists")))


@pytest.mark.parametrize("maker", [make_proposal, make_noticed, make_decided])
@pytest.mark.parametrize("member", ["lin", "luo", "shen", "zhou"])
def test_the_page_of_an_entry_opens_in_every_step(world, sign_in, maker, member):
    entry = maker(world, "BLACK")
    response = sign_in(getattr(world, member)).get(entry.get_absolute_url())
    assert response.status_code == 200


def test_an_entry_is_hidden_from_another_county(world, sign_in):
    entry = make_proposal(world)
    assert sign_in(world.ying).get(entry.get_absolute_url()).status_code == 404
    assert sign_in(world.ying).post(act(entry, "drop"), {}).status_code == 404


def test_the_township_reads_and_does_not_act(world, sign_in):
    entry = make_proposal(world)
    assert sign_in(world.shi).get(entry.get_absolute_url()).status_code == 200
    assert sign_in(world.shi).get(act(entry, "notice")).status_code == 403


def test_deciding_in_the_window_is_refused_with_the_day(world, sign_in):
    entry = make_noticed(world)
    data = {"version": entry.version, "decision": "同意", "number": "1号"}
    response = sign_in(world.luo).post(act(entry, "decide"), data)
    assert response.status_code == 409
    assert "2026-03-11" in text(response)


def test_a_stale_form_is_refused(world, sign_in):
    entry = make_proposal(world)
    data = {"version": entry.version - 1, "reason": "误报"}
    assert sign_in(world.lin).post(act(entry, "drop"), data).status_code == 409


def test_a_form_with_mistakes_is_shown_again(world, sign_in):
    entry = make_proposal(world)
    response = sign_in(world.lin).post(act(entry, "drop"), {"version": 1, "reason": ""})
    assert response.status_code == 422
    assert "error-summary" in text(response)


def test_proposing_finds_by_part_of_a_name(world, sign_in):
    make_institution(world, "晨光一")
    make_institution(world, "晨光二")
    page = text(sign_in(world.lin).get(reverse("list-propose"), {"institution": "晨光"}))
    assert "晨光一" in page
    assert "晨光二" in page


def test_proposing_shows_what_the_register_says(world, sign_in):
    grounds.load()
    institution = make_institution(world, licences=[])
    url = f"{reverse('list-propose')}?kind=white&institution={institution.number}"
    assert "st-bad" in text(sign_in(world.lin).get(url))
    response = sign_in(world.lin).post(url, {"grounds": [WHITE], "reason": "x"})
    assert response.status_code == 409


def test_one_sentence_does_not_stand_for_two_grounds(world, sign_in):
    grounds.load()
    institution = make_institution(world, licences=[])
    url = f"{reverse('list-propose')}?kind=black&institution={institution.number}"
    data = {"grounds": [UNLICENSED, "black.safety"], "reason": "x", "statement": "一句"}
    assert sign_in(world.lin).post(url, data).status_code == 422


def test_evidence_is_added_and_taken_away_on_the_page(world, sign_in):
    entry = make_proposal(world, "BLACK")
    lin = sign_in(world.lin)
    licence = entry.institution.licences.get()
    lin.post(reverse("list-evidence", args=[entry.pk]), {"row": f"licence:{licence.pk}"})
    row = entry.evidence.get()
    lin.post(reverse("list-evidence-drop", args=[entry.pk, row.pk]))
    assert not entry.evidence.exists()


def test_a_file_is_added_as_evidence(world, sign_in):
    entry = make_proposal(world, "BLACK")
    data = {"file": SimpleUploadedFile("现场.png", PNG), "caption": "现场"}
    response = sign_in(world.lin).post(reverse("list-file", args=[entry.pk]), data)
    assert response.status_code == 302
    assert "现场" in text(sign_in(world.lin).get(entry.get_absolute_url()))


def test_a_program_is_no_evidence(world, sign_in):
    entry = make_proposal(world, "BLACK")
    data = {"file": SimpleUploadedFile("x.png", b"MZ\x90\x00" * 50)}
    assert sign_in(world.lin).post(reverse("list-file", args=[entry.pk]), data).status_code == 415


def test_an_objection_is_answered_on_its_page(world, sign_in):
    entry = make_noticed(world)
    data = {"text": "不服", "received_on": daylight.today().isoformat()}
    sign_in(world.lin).post(act(entry, "objection"), data)
    objection = entry.objections.get()
    url = reverse("list-review", args=[entry.pk, objection.pk])
    answer = {"version": 1, "upheld": "no", "review": "不成立"}
    assert sign_in(world.luo).post(url, answer).status_code == 302
    objection.refresh_from_db()
    assert objection.status == "rejected"


def test_the_preview_is_the_public_page(world, sign_in):
    entry = make_decided(world)
    page = text(sign_in(world.lin).get(reverse("list-preview", args=[entry.pk])))
    assert "css/public.css" in page
    assert entry.number in page
    assert entry.reason not in page


def test_the_publish_page_shows_the_difference(world, sign_in):
    make_live(world)
    make_decided(world, name="新来的")
    page = text(sign_in(world.ning).get(reverse("list-publish", args=["white"])))
    assert "新来的" in page
    preview = sign_in(world.ning).get(reverse("list-publish", args=["white"]), {"preview": "1"})
    assert "新来的" in text(preview)


def test_the_decider_is_told_who_may_publish(world, sign_in):
    make_decided(world)
    response = sign_in(world.luo).post(reverse("list-publish", args=["white"]), {"note": ""})
    assert response.status_code == 409
    assert "宁" in text(response)


def test_publications_and_their_page(world, sign_in):
    _entry, publication = make_live(world)
    page = text(sign_in(world.lin).get(reverse("publications")))
    assert publication.get_absolute_url() in page
    page = text(sign_in(world.lin).get(publication.get_absolute_url()))
    assert publication.header["merkle_root"] in page


def test_an_ordered_publication_says_that_it_is_being_made(world, sign_in):
    ordered = services.order(COUNTY, "WHITE", by=world.ning)
    page = text(sign_in(world.ning).get(ordered.get_absolute_url()))
    assert "st-" in page
    assert "merkle_root" not in page


def test_withdrawn_text_needs_a_reason_and_a_duty(world, sign_in):
    entry, publication = make_live(world)
    services.withdraw(entry, reason="撤销", by=world.luo)
    url = publication.get_absolute_url()
    luo = sign_in(world.luo)
    assert "晨光" not in text(luo.get(url))
    assert "晨光" in text(luo.post(url, {"number": entry.number, "reason": "信访"}))
    assert luo.post(url, {"number": entry.number, "reason": ""}).status_code == 422
    assert sign_in(world.lin).post(url, {"number": entry.number, "reason": "x"}).status_code == 403


def test_a_public_text_is_not_revealed_but_shown(world, sign_in):
    entry, publication = make_live(world)
    data = {"number": entry.number, "reason": "x"}
    assert sign_in(world.luo).post(publication.get_absolute_url(), data).status_code == 404


@pytest.mark.parametrize("path", ["/lists/", "/lists/new/", "/lists/publications/"])
def test_strangers_are_asked_to_sign_in(world, client, path):
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("path", ["/lists/1/nothing/", "/lists/999999/", "/lists/publish/grey/"])
def test_what_does_not_exist_is_not_found(world, sign_in, path):
    assert sign_in(world.lin).get(path).status_code == 404


def cost(client, url):
    """Queries of a page, without the reading of the day that a process repeats every second."""
    with CaptureQueriesContext(connection) as caught:
        client.get(url)
    return sum("governance_installation" not in query["sql"] for query in caught.captured_queries)


def test_the_list_page_costs_the_same_for_one_row_and_twenty(world, sign_in):
    lin, url = sign_in(world.lin), reverse("lists")
    make_proposal(world, name="第一家")
    lin.get(url)
    one = cost(lin, url)
    for number in range(19):
        make_proposal(world, name=f"机构{number}")
    assert cost(lin, url) == one <= 12


def test_desk_queues_hold_what_waits(world):
    entry = make_noticed(world)
    after_window()
    found = {queue.code: queue for queue in queues(world.luo)}
    assert found["list.decide"].rows.get() == entry
    assert {queue.code: queue for queue in queues(world.lin)}.get("list.decide") is None


def test_every_queue_opens_as_a_list(world, sign_in):
    back(world, make_proposal(world, "BLACK"))
    for queue in queues(world.luo):
        page = sign_in(world.luo).get(queue.url)
        assert page.context["page"].paginator.count == queue.rows.count()


def test_rows_of_a_publication_are_scoped(world):
    make_live(world)
    assert PublicationEntry.objects.visible_to(world.lin).exists()
    assert not PublicationEntry.objects.visible_to(world.ying).exists()
    assert not Publication.objects.visible_to(world.public).exists()
