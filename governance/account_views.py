"""Signing in and out, the password, the language, the membership one acts in."""

from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from governance import audit, daylight, entry_links
from governance.access import signed_in
from governance.models import ActorKind, Membership
from governance.request import Request

HOMES: dict[str, str] = {ActorKind.STAFF: "/desk/", ActorKind.INSTITUTION: "/my/"}
BASES: dict[str, str] = {ActorKind.INSTITUTION: "my/base.html"}


@never_cache
def sign_in(request: Request) -> HttpResponse:
    """The sign-in page; the same message whether the name or the password is wrong."""
    form = AuthenticationForm(request, request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            return _enter(request, form.get_user())
        return render(request, "governance/login.html", {"form": form}, status=422)
    return render(request, "governance/login.html", {"form": form})


def _enter(request: Request, user) -> HttpResponse:
    login(request, user)
    membership = Membership.objects.active().filter(user=user).order_by("pk").first()
    if membership is None:
        logout(request)
        return render(request, "governance/no_membership.html", status=403)
    audit.record(audit.Verb.SIGNED_IN, membership, by=membership)
    return HttpResponseRedirect(_next(request) or HOMES.get(membership.kind, "/"))


def _next(request: Request) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    here = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if here else ""


@require_POST
def sign_out(request: Request) -> HttpResponse:
    if request.user.is_authenticated:
        audit.record(audit.Verb.SIGNED_OUT, request.actor, by=request.actor)
    logout(request)
    return redirect("login")


@signed_in
def password(request: Request) -> HttpResponse:
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        user.password_set_at = daylight.now()
        user.save(update_fields=["password_set_at"])
        update_session_auth_hash(request, user)
        audit.record(audit.Verb.PASSWORD_CHANGED, request.actor, by=request.actor)
        return redirect(HOMES.get(request.actor.kind, "/"))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "base": BASES.get(request.actor.kind, "base.html")}
    return render(request, "governance/password.html", context, status=status)


@never_cache
def first_entry(request: Request, key: str, token: str) -> HttpResponse:
    """The page behind a link that works once: choose a password and go in."""
    user = entry_links.account(key, token)
    if user is None:
        return render(request, "governance/first_entry.html", status=404)
    form = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user.password_set_at = daylight.now()
        form.save()
        user.backend = "governance.accounts.ActiveUserBackend"
        return _enter(request, user)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "account": user}
    return render(request, "governance/first_entry.html", context, status=status)


@require_POST
@signed_in
def act_as(request: Request) -> HttpResponse:
    """Choose which of one's own memberships acts from now on."""
    mine = Membership.objects.active().filter(user=request.user)
    membership = get_object_or_404(mine, pk=request.POST.get("membership") or 0)
    request.session["membership"] = membership.pk
    return redirect(HOMES.get(membership.kind, "/"))


@csrf_exempt  # it keeps a preference; public pages need no cookie to offer it
@require_POST
def language(request: Request) -> HttpResponse:
    """Chinese or English, kept in a cookie and, for accounts, for messages too."""
    wanted = request.POST.get("language", "")
    response = HttpResponseRedirect(_next(request) or "/")
    if wanted in ("zh-hans", "en") and check_for_language(wanted):
        response.set_cookie("django_language", wanted, max_age=31_536_000, samesite="Lax")
        if request.user.is_authenticated:
            request.user.language = wanted
            request.user.save(update_fields=["language"])
    return response
