"""What clamd is asked and what is made of its answers, over real sockets."""

import io
import socket
import threading
import time
from pathlib import Path

import pytest
from pytest_django import Settings

from extranet.lib import antivirus
from extranet.lib.extraction.signatures import EICAR
from tests.fichiers.clamd import MAX_STREAM, clamd

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 2_500


def test_nothing_is_asked_without_an_address(settings: Settings):
    settings.CLAMD_ADDRESS = ""
    assert not antivirus.is_active()
    assert antivirus.scan(io.BytesIO(CONTENT)).etat == antivirus.INJOIGNABLE


@pytest.mark.parametrize("over_file", [False, True])
def test_sane_file_is_given_whole_and_left_at_its_beginning(over_file: bool, tmp_path: Path, settings: Settings):
    with clamd(tmp_path / "clamd.ctl" if over_file else None) as (settings.CLAMD_ADDRESS, seen):
        fichier = io.BytesIO(CONTENT)
        fichier.seek(10)
        assert antivirus.scan(fichier) == antivirus.Verdict(antivirus.SAIN)
        assert seen == [CONTENT]
        assert fichier.tell() == 0


def test_infected_file_comes_with_the_name_of_its_virus(settings: Settings):
    with clamd() as (settings.CLAMD_ADDRESS, _):
        assert antivirus.scan(io.BytesIO(EICAR)) == antivirus.Verdict(antivirus.INFECTE, nom="Eicar-Signature")


@pytest.mark.parametrize("size", [MAX_STREAM + 1, 20 * MAX_STREAM])
def test_file_past_the_limit_of_clamd_waits_and_says_why(size: int, settings: Settings):
    """clamd hangs up in the middle of the file: no crash, no false « sane »."""
    with clamd() as (settings.CLAMD_ADDRESS, _):
        verdict = antivirus.scan(io.BytesIO(bytes(size)))
    assert verdict.etat == antivirus.INJOIGNABLE
    assert verdict.motif


@pytest.mark.parametrize("answer", [b"stream: lstat() failed. ERROR\0", b"\0", b"x" * 9_000, b"stream: OK stream\0"])
def test_anything_but_a_clear_answer_leaves_the_file_waiting(answer: bytes, settings: Settings):
    with clamd(answer=answer) as (settings.CLAMD_ADDRESS, _):
        assert antivirus.scan(io.BytesIO(CONTENT)).etat == antivirus.INJOIGNABLE


@pytest.mark.parametrize("address", ["127.0.0.1:9", "/nulle/part/clamd.ctl", "sans port", "127.0.0.1:x"])
def test_clamd_that_is_not_there_is_said_at_once(address: str, settings: Settings):
    settings.CLAMD_ADDRESS = address
    start = time.monotonic()
    verdict = antivirus.scan(io.BytesIO(CONTENT))
    assert verdict.etat == antivirus.INJOIGNABLE
    assert address in verdict.motif
    assert time.monotonic() - start < 3


def test_clamd_that_keeps_silent_is_given_up(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(antivirus, "_ANSWER_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        held = []
        listener = threading.Thread(target=lambda: held.append(server.accept()[0]))
        listener.start()
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.getsockname()[1]}"
        start = time.monotonic()
        assert antivirus.scan(io.BytesIO(b"x")).etat == antivirus.INJOIGNABLE
        assert time.monotonic() - start < 2
        listener.join()
        held[0].close()
