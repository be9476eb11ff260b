"""Queues of work: each app names the rows that wait for an actor and the lawful next act on them.

`desk` puts the queues of every app side by side; a queue's count is the count of the list page
behind its address, because both ask for the same rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True)
class Queue:
    """Rows in scope that wait for one act of this actor."""

    code: str
    label: str  # translated: what kind of work this is
    act: str  # translated: the next act, as the button says it
    rows: models.QuerySet
    url: str  # the list page that shows exactly these rows
    title: Callable[[Any], str] = str  # what waits
    party: Callable[[Any], str] = lambda row: ""  # whom it concerns


def name_of(institution: Any) -> str:
    """The name of an institution whose periods are prefetched."""
    return str(institution)
