"""The first way into an account: a link that works once, for a few days, and sets the password.

Its token is bound to the password and the last sign-in, so using it, or making a new one after a
sign-in, ends it; nothing is stored.
"""

import datetime as dt

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from governance import daylight
from governance.models.people import User


class _Tokens(PasswordResetTokenGenerator):
    key_salt = "governance.entry_links"

    def _now(self) -> dt.datetime:
        return daylight.now().replace(tzinfo=None)


_tokens = _Tokens()


def make(user: User) -> str:
    """The path of a link for this account; whoever opens it chooses the password."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("first-entry", args=[key, _tokens.make_token(user)])


def valid_days() -> int:
    """For how many days a link works."""
    return settings.PASSWORD_RESET_TIMEOUT // 86_400


def account(key: str, token: str) -> User | None:
    """The account behind a link, or None when it was used, ran out or was never ours."""
    try:
        user = User.objects.filter(pk=int(force_str(urlsafe_base64_decode(key)))).first()
    except ValueError:
        return None
    if user is None or not user.is_active or not _tokens.check_token(user, token):
        return None
    return user
