"""Collections for tests, brought along by the services.

Lin issues and checks for the education bureau, Shi fills in for 硒城街道, He for 双流镇.
"""

import datetime as dt
from typing import Any

from campaigns import services
from campaigns.models import Collection, CollectionTemplate, Return
from campaigns.services.filling import Edit
from governance.models import Department

MARCH = (dt.date(2026, 3, 1), dt.date(2026, 3, 31))
ACTION = {"DAY": "2026-03-03", "DEPARTMENTS": "教育、市监", "CHECKED": "5"}


def make_district(name: str = "城区学区中心校", *townships: str) -> Department:
    """A 学区 that answers for several townships and sits at the county."""
    return Department.objects.create(
        code=f"520121-{name}",
        kind="EDU",
        name=name,
        short_name=name,
        division_id="520121",
        jurisdictions=list(townships or ("520121001", "520121002")),
    )


def make_plan(world: Any, code: str = "annex8", **more: Any) -> services.Plan:
    template = CollectionTemplate.objects.get(code=code).newest
    fields: dict[str, Any] = {
        "title": "联合执法情况",
        "template": template,
        "period_from": MARCH[0],
        "period_to": MARCH[1],
        "due_rule": "campaign.monthly",
        "units": [world.department("xicheng"), world.department("shuangliu")],
    }
    return services.Plan(**fields | more)


def make_collection(world: Any, code: str = "annex8", **more: Any) -> Collection:
    """Issued by Lin to both townships on 4 March, due on Friday the 20th."""
    return services.issue(make_plan(world, code, **more), by=world.lin)


def return_of(collection: Collection, member: Any) -> Return:
    """The return of a member's department, read anew."""
    return Return.objects.with_names().get(collection=collection, lead=member.department)


def make_drafted(world: Any, collection: Collection | None = None, **cells: str) -> Return:
    """One row typed by Shi."""
    owed = return_of(collection or make_collection(world), world.shi)
    services.save(owed, Edit(added=[ACTION | cells]), by=world.shi)
    return owed


def make_submitted(world: Any, collection: Collection | None = None, **cells: str) -> Return:
    owed = make_drafted(world, collection, **cells)
    services.submit(owed, by=world.shi)
    return owed


def make_accepted(world: Any, collection: Collection | None = None, **cells: str) -> Return:
    owed = make_submitted(world, collection, **cells)
    services.accept(owed, by=world.lin)
    return owed


def make_zero(collection: Collection, member: Any) -> Return:
    owed = return_of(collection, member)
    services.zero(owed, by=member)
    return owed
