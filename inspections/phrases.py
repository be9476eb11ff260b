"""常用语: sentences that officers use again and again, offered below a NO."""

from django.utils.translation import gettext as _


def words() -> list[str]:
    """In the active language, to be put into the note by one touch."""
    return [
        _("Not shown on the spot"),
        _("Expired"),
        _("Differs from the record"),
        _("Incomplete"),
        _("Blocked or locked"),
        _("No record was kept"),
        _("The person in charge was not there"),
    ]


def script_words() -> dict[str, str]:
    """What `field.js` says to people, by key; `{n}` is a number."""
    return {
        "saved": _("Saved"),
        "saving": _("Saving…"),
        "unsaved": _("Not saved yet"),
        "not_saved": _("Not saved"),
        "offline": _("No network; kept on this phone and tried again"),
        "failed": _("The server did not take it. Try again."),
        "signed_out": _("You have been signed out. What you entered is kept on this phone."),
        "sign_in": _("Sign in"),
        "reload": _("Load the present state"),
        "open": _("{n} open"),
        "problems": _("{n} problems"),
        "photos_wait": _("Photos are still on their way."),
        "sending": _("Sending…"),
        "photo": _("Photo"),
        "photo_failed": _("Not sent"),
        "again": _("Try again"),
        "remove": _("Remove"),
        "locating": _("Looking for the position…"),
        "accuracy": _("Accurate to about {n} metres"),
        "rough": _("That is rough; wait a moment or say why."),
        "denied": _("The phone does not allow it. Choose no position and say why."),
        "no_position": _("No position was found. Choose no position and say why."),
        "missing": _("{n} photos have not arrived yet. Try again."),
    }
