"""The acts that the page of a collection or a return offers, each with its check page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns import services
from campaigns.forms import CloseForm, ExtendForm, GiveBackForm, ReasonForm, VersionForm
from campaigns.models import Collection, Return


@dataclass(frozen=True)
class Act:
    """One act: what it is called, what it asks, the service it calls."""

    code: str
    label: Any
    form: type[VersionForm]
    run: Callable[..., Any]
    offered: Callable[[Any], bool]
    text: Any = ""
    danger: bool = False


def _open(collection: Collection) -> bool:
    return collection.is_open


OF_COLLECTION = {
    act.code: act
    for act in (
        Act(
            "close",
            _("Close and freeze the figures"),
            CloseForm,
            services.close,
            _open,
            _(
                "The figures are kept as they are today. What units correct later is shown beside "
                "them as a correction."
            ),
        ),
        Act("extend", _("Give more time"), ExtendForm, services.extend, _open),
        Act(
            "stop",
            _("Issue no further month"),
            VersionForm,
            services.stop_repeating,
            lambda collection: collection.is_open and collection.repeats_until is not None,
        ),
        Act(
            "cancel",
            _("Call the collection off"),
            ReasonForm,
            services.cancel,
            _open,
            _("Nothing is owed any more; what came in stays to be read."),
            danger=True,
        ),
    )
}


def _submitted(owed: Return) -> bool:
    return owed.status == Return.Status.SUBMITTED


def _can_go_back(owed: Return) -> bool:
    in_hand = (Return.Status.SUBMITTED, Return.Status.ACCEPTED)
    return owed.status in in_hand and owed.collection.status != Collection.Status.CANCELLED


OF_RETURN = {
    act.code: act
    for act in (
        Act("accept", pgettext_lazy("return", "Accept"), VersionForm, services.accept, _submitted),
        Act(
            "give-back",
            _("Hand back"),
            GiveBackForm,
            services.give_back,
            _can_go_back,
            _("The unit reads the reason above its return."),
        ),
    )
}
