"""What is refused wherever it hides: programs, by their extension, and the virus that needs no antivirus."""

_PROGRAMS = (
    "apk app bat bin cmd com cpl dll dmg elf exe hta inf jar js jse lnk msc msi msix msp pif ps1 psm1 py reg scr sh "
    "sys url vb vbe vbs wsf"
)
PROGRAMS = frozenset(_PROGRAMS.split())

# Standard test file of the antivirus makers (eicar.org), cut in two so that no antivirus takes this module for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
