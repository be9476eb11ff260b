"""How a person wants a page shown, on whatever machine they sign in."""

from django.db import transaction

from governance.models import Membership, User


def of(actor: Membership, page: str) -> str:
    """What the person behind the membership chose for the page, or nothing."""
    kept = actor.user.preferences.get(page, "") if actor.user else ""
    return kept if isinstance(kept, str) else ""


@transaction.atomic
def keep(actor: Membership, page: str, words: str) -> None:
    """Remember the choice; an empty one forgets it."""
    if actor.user is None:
        return
    user = User.objects.select_for_update().get(pk=actor.user.pk)
    others = {name: kept for name, kept in user.preferences.items() if name != page}
    chosen = others | ({page: words} if words else {})
    User.objects.filter(pk=user.pk).update(preferences=chosen)
    actor.user.preferences = chosen
