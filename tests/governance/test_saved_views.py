"""A view is an address with a name; only its owner changes it."""

import pytest

from governance import audit, saved_views
from governance.audit import Verb
from governance.models import SavedView
from governance.scoping import DutyMissing
from governance.workflow import Refused, StaleVersion

pytestmark = pytest.mark.django_db
PAGE = "institutions"


@pytest.fixture
def mine(world) -> SavedView:
    return saved_views.save(PAGE, "城关临期", "?township=520121001&kind=ARTS&page=3", by=world.lin)


def names(actor) -> list[str]:
    return [view.name for view in SavedView.objects.offered_to(actor, PAGE)]


def test_what_passes_is_not_kept(mine):
    assert mine.query == "township=520121001&kind=ARTS"


def test_empty_fields_and_chinese_values_are_kept_as_they_should():
    assert saved_views.cleaned("?q=晨光&town=&cursor=abc") == "q=%E6%99%A8%E5%85%89"


def test_my_view_is_mine(world, mine):
    assert names(world.lin) == ["城关临期"]
    assert names(world.ning) == names(world.ma) == []


def test_a_shared_view_is_for_the_department(world):
    saved_views.save(PAGE, "本周", "a=1", by=world.lin, visibility="shared")
    assert names(world.ning) == ["本周"]
    assert names(world.ma) == names(world.public) == []


def test_a_public_view_is_for_everybody_and_published_by_a_leader(world):
    with pytest.raises(DutyMissing):
        saved_views.save(PAGE, "全县", "a=1", by=world.lin, visibility="public")
    saved_views.save(PAGE, "全县", "a=1", by=world.luo, visibility="public")
    assert names(world.ma) == ["全县"]


def test_a_clerk_does_not_publish_by_changing_either(world, mine):
    with pytest.raises(DutyMissing):
        saved_views.change(mine, by=world.lin, version=1, visibility="public")


def test_only_the_owner_changes_and_deletes(world):
    shared = saved_views.save(PAGE, "本周", "a=1", by=world.lin, visibility="shared")
    for act in (
        lambda: saved_views.change(shared, by=world.ning, version=1, query="a=2"),
        lambda: saved_views.remove(shared, by=world.luo),
        lambda: saved_views.make_default(shared, by=world.ning),
    ):
        with pytest.raises(DutyMissing):
            act()
    saved_views.change(shared, by=world.lin, version=1, query="a=2")
    assert SavedView.objects.get().query == "a=2"


def test_a_change_from_a_stale_page_is_refused(world, mine):
    saved_views.change(mine, by=world.lin, version=1, name="城关")
    with pytest.raises(StaleVersion):
        saved_views.change(mine, by=world.lin, version=1, name="双流")
    assert SavedView.objects.get().name == "城关"


def test_two_views_of_one_name_are_refused(world, mine):
    with pytest.raises(Refused):
        saved_views.save(PAGE, "城关临期", "x=1", by=world.lin)
    saved_views.save("rectification", "城关临期", "x=1", by=world.lin)


def test_taking_the_name_of_another_view_is_refused(world, mine):
    other = saved_views.save(PAGE, "双流", "x=1", by=world.lin)
    with pytest.raises(Refused):
        saved_views.change(other, by=world.lin, version=1, name="城关临期")


@pytest.mark.parametrize(("name", "query"), [("", "a=1"), ("x", "a=" + "1" * 3000)])
def test_a_view_needs_a_name_and_an_end(world, name, query):
    with pytest.raises(Refused):
        saved_views.save(PAGE, name, query, by=world.lin)


def test_one_view_is_shown_first(world, mine):
    other = saved_views.save(PAGE, "双流", "x=1", by=world.lin)
    saved_views.make_default(mine, by=world.lin)
    saved_views.make_default(other, by=world.lin)
    assert SavedView.objects.get(is_default=True) == other


def test_the_page_knows_when_its_filters_are_no_longer_the_views(mine):
    assert not saved_views.is_changed(mine, "?kind=ARTS&township=520121001&page=2")
    assert saved_views.is_changed(mine, "?kind=SPORT&township=520121001")


def test_a_deleted_view_is_gone_and_its_trace_stays(world, mine):
    pk = mine.pk
    saved_views.remove(mine, by=world.lin)
    mine.pk = pk
    assert not SavedView.objects.exists()
    assert audit.history(mine).first().verb == Verb.VIEW_DELETED
