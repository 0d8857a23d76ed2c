# Ce que les scripts ont en commun : la racine, l’environnement Python, les ports, les messages. Se lit, ne se lance pas.
# Bash et python3 suffisent ; le reste s’installe ici ou s’explique en une phrase.

set -euo pipefail

RACINE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$RACINE"

VENV=${VENV:-$RACINE/.venv}
export DATA_DIR=${DATA_DIR:-$RACINE/var}
export PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1

dire() { printf '%s\n' "$*" >&2; }

mourir() {
  dire "$*"
  exit 1
}

# Installe des paquets Debian quand nous en avons le droit ; sinon dit lesquels, en une phrase.
installer_paquets() {
  local raison=$1 paquets=("${@:2}")
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    mourir "Il manque ${raison} : installez les paquets « ${paquets[*]} », puis relancez."
  fi
  dire "Installation de ${raison} (${paquets[*]})…"
  mkdir -p "$DATA_DIR"
  { apt-get install -y --no-install-recommends "${paquets[@]}" ||
    { apt-get update && apt-get install -y --no-install-recommends "${paquets[@]}"; }; } \
    >"$DATA_DIR/apt.log" 2>&1 </dev/null || mourir "L’installation de ${raison} n’a pas abouti : lisez $DATA_DIR/apt.log."
}

# Un python3 assez récent, capable de faire un environnement.
python_systeme() {
  local nom
  for nom in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$nom" >/dev/null && "$nom" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      if ! "$nom" -c 'import venv, ensurepip' 2>/dev/null; then
        installer_paquets "de quoi créer un environnement Python" python3-venv >&2
      fi
      echo "$nom"
      return
    fi
  done
  mourir "Il faut Python 3.11 ou plus récent : installez-le, puis relancez."
}

# preparer_python FICHIER : l’environnement contient exactement ce que FICHIER demande. Rien à refaire si rien n’a changé.
preparer_python() {
  local demande=$1 empreinte temoin
  temoin="$VENV/.empreinte-$demande"
  empreinte=$(cat requirements.txt requirements-dev.txt requirements.lock | cksum)
  PATH="$VENV/bin:$PATH"
  export PATH
  if [ -x "$VENV/bin/python" ] && [ "$(cat "$temoin" 2>/dev/null)" = "$empreinte" ] && "$VENV/bin/python" -c '' 2>/dev/null; then
    return
  fi
  dire "Préparation de Python (une minute la première fois)…"
  if ! "$VENV/bin/python" -c '' 2>/dev/null; then
    rm -rf "$VENV"
    "$(python_systeme)" -m venv "$VENV"
  fi
  "$VENV/bin/python" -m pip install --quiet -c requirements.lock -r "$demande" ||
    mourir "L’installation des bibliothèques n’a pas abouti : vérifiez l’accès au dépôt de paquets, puis relancez."
  if [ "$demande" = requirements-dev.txt ]; then
    echo "$empreinte" >"$VENV/.empreinte-requirements.txt"
  fi
  echo "$empreinte" >"$temoin"
}

# port_libre PREMIER : ce port s’il est libre sur la boucle locale, sinon le premier libre des vingt suivants.
port_libre() {
  python3 - "$1" <<'FIN'
import socket
import sys

premier = int(sys.argv[1])
for port in range(premier, premier + 20):
    with socket.socket() as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind(("127.0.0.1", port))
        except OSError:
            continue
    print(port)
    sys.exit()
sys.exit(f"Aucun port libre entre {premier} et {premier + 19} : indiquez-en un avec --port.")
FIN
}

# preparer_base [TAILLE] : la base de DATA_DIR est à jour et garnie ; écrit les comptes de la démonstration.
# Un seul processus : démarrer Django trois fois coûterait plus que ce qu’il fait ici.
preparer_base() {
  mkdir -p "$DATA_DIR"
  python - "$@" <<'FIN'
import sys

import django
from django.core.management import call_command

django.setup()
call_command("migrate", verbosity=0)
call_command("installer", verbosity=0)
taille = [f"--taille={taille}" for taille in sys.argv[1:] if taille]
call_command("demo", "--si-vide", *taille)
FIN
}

# Les réglages de production, sur cette machine et pour elle seule : ce que l’on mesure est ce qui servira.
reglages_de_mesure() {
  export DJANGO_SETTINGS_MODULE=extranet.settings.production ALLOWED_HOSTS=localhost SITE_URL=http://localhost
  export SECURE_SSL_REDIRECT=non
  SECRET_KEY=$(python3 -c 'import secrets; print(secrets.token_urlsafe(60))')
  export SECRET_KEY
  python manage.py collectstatic --noinput --verbosity 0
}
