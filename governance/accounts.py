"""Signing in: the backend, the throttle's answer, and what is recorded."""

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from governance import people
from governance.models.people import User


class ActiveUserBackend(BaseBackend):
    """Name and password against our own accounts; a switched-off account cannot sign in."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        user = User.objects.filter(username=username).first()
        if user is None:
            User().set_password(password)  # the same time for an unknown name
            return None
        if user.check_password(password) and user.is_active:
            return user
        return None

    def get_user(self, user_id):
        """The account with its memberships of today, in one statement for nearly everybody."""
        acting = people.acting_as(user_id)
        if acting and acting[0].user:
            acting[0].user.acting = acting
            return acting[0].user
        return User.objects.filter(pk=user_id, is_active=True).first()


def locked_out(request: HttpRequest, credentials: dict, *args, **kwargs) -> HttpResponse:
    """Too many failures from one address for one name: says how long to wait, nothing more."""
    return render(request, "governance/locked.html", {"minutes": 15}, status=429)
