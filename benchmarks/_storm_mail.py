"""A post box for the storm: a line a letter, appended in one write, so that kill -9 tears none."""

import os
from collections.abc import Sequence
from pathlib import Path

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Backend(BaseEmailBackend):
    """Appends the key of each letter to a file of this process."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(os.environ["MINGSHU_STORM_MAIL"])
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / f"{os.getpid()}", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            for message in email_messages:
                line = f"X-Mingshu-Key: {message.extra_headers['X-Mingshu-Key']}\n"
                os.write(handle, line.encode())
        finally:
            os.close(handle)
        return len(email_messages)
