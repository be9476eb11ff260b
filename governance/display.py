"""How a reader wants pages shown: text size, contrast, density, shortcuts; kept in one cookie.

Not personal data and not in the database: it works for the public and before signing in.
"""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

COOKIE = "display"
WORDS = {"large", "xlarge", "contrast", "dense", "airy", "nokeys"}
YEAR = 365 * 24 * 60 * 60


def chosen(cookies: Mapping[str, str]) -> set[str]:
    """The known words of the cookie; anything else in it is ignored."""
    return WORDS & set(cookies.get(COOKIE, "").split("."))


def classes(cookies: Mapping[str, str]) -> list[str]:
    """The classes for `<body>`, in a fixed order."""
    return sorted(chosen(cookies) - {"nokeys"})


class DisplayForm(forms.Form):
    """The choices of the display page."""

    size = forms.ChoiceField(
        label=gettext_lazy("Text size"),
        choices=[
            ("", gettext_lazy("Standard")),
            ("large", gettext_lazy("Large")),
            ("xlarge", gettext_lazy("Very large")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    density = forms.ChoiceField(
        label=gettext_lazy("Row height of tables"),
        choices=[
            ("dense", gettext_lazy("Compact")),
            ("", gettext_lazy("Standard")),
            ("airy", gettext_lazy("Loose")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    contrast = forms.BooleanField(label=gettext_lazy("High contrast"), required=False)
    nokeys = forms.BooleanField(
        label=gettext_lazy("Switch single-key shortcuts off"),
        help_text=gettext_lazy("Ctrl+K and Ctrl+Enter go on working."),
        required=False,
    )

    @classmethod
    def current(cls, cookies: Mapping[str, str]) -> "DisplayForm":
        """The form as the cookie has it."""
        words = chosen(cookies)
        size = next((word for word in ("large", "xlarge") if word in words), "")
        density = next((word for word in ("dense", "airy") if word in words), "")
        flags = {name: name in words for name in ("contrast", "nokeys")}
        return cls(initial={"size": size, "density": density, **flags})

    def cookie(self) -> str:
        """The value for the cookie."""
        data = self.cleaned_data
        flags = [name for name in ("contrast", "nokeys") if data[name]]
        return ".".join(word for word in (data["size"], data["density"], *flags) if word)


def script_words() -> dict[str, str]:
    """What `app.js` says to people, by key."""
    return {
        "again": _("Press again to confirm"),
        "busy": _("Sending…"),
        "slow": _("The network is slow; still waiting"),
        "failed": _("The server did not answer. What you typed is still here; try again."),
        "error": _("System error. What you typed is still here; try again. Trace number: "),
        "signin": _("You have been signed out. Sign in in a new window, then send again."),
        "signin_link": _("Sign in"),
        "copied": _("Copied"),
        "bad_date": _("Not a date: write 2026-11-22 or 20261122"),
        "days": _("Sunday,Monday,Tuesday,Wednesday,Thursday,Friday,Saturday"),
        "too_big": _("The file is larger than allowed (MB): "),
        "close": _("Close"),
    }
