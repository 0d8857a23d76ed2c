"""Handing a mail over to the server, so that a crash leaves at most that one mail in doubt.

SMTP gives the moment: until the dot that ends the message has left, the server must deliver nothing (RFC 5321, 4.1.1.4
and 6.1). `Connexion.deliver` therefore calls `before_dot` just then, for the sender to write down that the handing over
begins; before it, one may try again without fear, after it, only with the server's answer.
"""

import logging
import re
import smtplib
from collections.abc import Callable
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

logger = logging.getLogger(__name__)

# The wait that RFC 5321 (4.5.3.2.6) asks for after the dot: giving up earlier is what makes copies.
WAIT_AFTER_DOT = 600
# Many servers close a connection after some messages: we change before.
MESSAGES_BY_CONNECTION = 50


class Echec(Exception):
    """A mail that did not leave. `code` is the server's, None when it said nothing."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class ServeurIndisponible(Echec):
    """No mail can leave for now: unreachable, closing, or refusing us rather than this mail."""


class RefusTemporaire(Echec):
    """This mail is refused for now (4xx)."""


class Interruption(RefusTemporaire):
    """The line went dead before the dot: this mail did not leave, and the server may be ill."""


class RefusDefinitif(Echec):
    """This mail will never be taken (5xx)."""


class RemiseIncertaine(Echec):
    """The dot left and no answer came: taken or not, nobody knows."""


class RemiseRetiree(Exception):
    """`before_dot` answered that this mail is no longer ours: it was not handed over."""


class Connexion:
    """The way to the server of the settings, kept open from one mail to the next.

    Any other backend than SMTP (tests, development) is called whole, after `before_dot`.
    """

    def __init__(self) -> None:
        self.backend = get_connection()
        self.by_smtp = isinstance(self.backend, EmailBackend)
        self.delivered = 0

    def open(self) -> None:
        """Raises ServeurIndisponible when there is nobody, or when we are refused at the door."""
        if self.by_smtp and self.delivered >= MESSAGES_BY_CONNECTION:
            self.close()
        try:
            self.backend.open()
        except smtplib.SMTPResponseException as error:
            self.drop()
            raise ServeurIndisponible(_words(error.smtp_error), error.smtp_code) from error
        except OSError as error:
            self.drop()
            raise ServeurIndisponible(str(error) or type(error).__name__) from error

    def close(self) -> None:
        self.delivered = 0
        try:
            self.backend.close()
        except OSError:
            self.drop()

    def drop(self) -> None:
        """Hangs up without a word: what was begun on this connection is void."""
        self.delivered = 0
        if not self.by_smtp:
            return
        for connection in (self.backend.connection, self.backend._partial_connection):
            if connection is not None:
                connection.close()
        self.backend.connection = self.backend._partial_connection = None

    def deliver(self, message: EmailMessage, before_dot: Callable[[], bool]) -> None:
        """Returns when the server has taken the mail; else raises one of the above."""
        if not self.by_smtp:
            if not before_dot():
                raise RemiseRetiree
            self.backend.send_messages([message])
            return
        self.open()
        try:
            self._begin(self.backend.connection, message)
        except (Interruption, ServeurIndisponible):
            self.drop()
            raise
        except Echec:
            self._reset(self.backend.connection)
            raise
        try:
            ours = before_dot()
        except BaseException:
            self.drop()
            raise
        if not ours:
            self.drop()
            raise RemiseRetiree
        self._end(self.backend.connection)
        self.delivered += 1

    def _begin(self, smtp: smtplib.SMTP, message: EmailMessage) -> None:
        """The whole transaction but its dot."""
        try:
            sender, recipients, data = _envelope(message)
        except ValueError as error:
            raise RefusDefinitif(f"Adresse inutilisable\u00a0: {error}") from error
        try:
            smtp.ehlo_or_helo_if_needed()
            _check(*smtp.mail(sender), server_wide=True)
            for recipient in recipients:
                _check(*smtp.rcpt(recipient))
            code, answer = smtp.docmd("DATA")
            if code != 354:
                _check(code, answer)
                raise RefusTemporaire(_words(answer), code)
            smtp.send(data)
        except smtplib.SMTPHeloError as error:
            raise ServeurIndisponible(_words(error.smtp_error), error.smtp_code) from error
        except OSError as error:
            raise Interruption(str(error) or type(error).__name__) from error

    def _end(self, smtp: smtplib.SMTP) -> None:
        try:
            smtp.sock.settimeout(WAIT_AFTER_DOT)
            smtp.send(b".\r\n")
            code, answer = smtp.getreply()
            smtp.sock.settimeout(settings.EMAIL_TIMEOUT)
        except (OSError, AttributeError) as error:
            self.drop()
            raise RemiseIncertaine(str(error) or type(error).__name__) from error
        if code < 200:
            self.drop()
            raise RemiseIncertaine(_words(answer))
        if code == 421:
            self.drop()
            raise RefusTemporaire(_words(answer), code)
        _check(code, answer)

    def _reset(self, smtp: smtplib.SMTP) -> None:
        """Ready for the next mail on the same connection, else without it."""
        try:
            if smtp.rset()[0] == 250:
                return
        except OSError:
            logger.debug("smtp.reset_failed")
        self.drop()


def _envelope(message: EmailMessage) -> tuple[str, list[str], bytes]:
    """Sender, recipients, and the message without its final dot; raises ValueError on an unusable address.

    A line that begins with a dot gets a second one (RFC 5321, 4.5.2), and no line ends otherwise than by CRLF, lest a
    text end the message before its time.
    """
    addresses = [message.from_email, *message.recipients()]
    for adresse in addresses:
        # Django would write « été@ » as an encoded word, which is another address.
        parseaddr(adresse)[1].rpartition("@")[0].encode("ascii")
    sender, *recipients = [parseaddr(sanitize_address(adresse, "utf-8"))[1] for adresse in addresses]
    data = re.sub(rb"\r\n|\r|\n", b"\r\n", message.message().as_bytes())
    data = re.sub(rb"(?m)^\.", b"..", data)
    return sender, recipients, data if data.endswith(b"\r\n") else data + b"\r\n"


def _check(code: int, answer: bytes, *, server_wide: bool = False) -> None:
    """`server_wide`: a refusal of our own sender would be the same for every mail, unless it is its size (552)."""
    if 200 <= code < 300:
        return
    words = _words(answer)
    if code == 421 or code < 0 or (server_wide and code != 552):
        raise ServeurIndisponible(words, code if code > 0 else None)
    raise (RefusDefinitif if 500 <= code < 600 else RefusTemporaire)(words, code)


def _words(answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    return " ".join(text.split())
