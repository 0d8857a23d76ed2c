/* Déposer : fichiers glissés, envoyés un à un avec leur progression, et la page qui suit. Sans ce fichier, le formulaire
   envoie tout d'un coup et la page revient avec ses lignes. */
(function () {
  "use strict";
  var AT_ONCE = 2; /* envois en même temps : une mairie a peu de débit montant */
  var CUT = "L’envoi s’est interrompu : rien n’en a été gardé. Vérifiez le réseau, puis réessayez.";

  var root = document.querySelector("[data-depot]");
  var form = root && root.querySelector("[data-envoi]");
  if (!form) return;
  var input = form.querySelector('input[type="file"]');
  var list = document.getElementById("lignes");
  var folds = document.getElementById("plis");
  var waiting = [], running = 0;

  /* 1. Une ligne par fichier ------------------------------------------------------------------- */
  function node(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function draw(file) {
    var line = node("li", "ec-file"), sheet = node("span", "ec-doc"), middle = node("div"), more = node("div", "ec-file__more");
    var bar = node("progress", "ec-progress");
    sheet.setAttribute("aria-hidden", "true");
    sheet.appendChild(node("span", "", (file.name.split(".").pop() || "?").slice(0, 5).toUpperCase()));
    middle.appendChild(node("strong", "ec-file__name", file.name));
    middle.appendChild(node("p", "ec-small", "Envoi en cours…"));
    bar.max = 1; bar.value = 0;
    bar.setAttribute("aria-label", "Envoi de " + file.name);
    more.appendChild(bar);
    line.append(sheet, middle, more);
    document.getElementById("carte-fichiers").hidden = false;
    list.appendChild(line);
    return line;
  }

  function say(line, text) { line.querySelector("p").textContent = text; }

  function failed(line, file) {
    var again = node("button", "btn btn-outline-secondary btn-sm", "Réessayer");
    again.type = "button";
    say(line, CUT);
    line.querySelector(".ec-file__more").replaceChildren(again);
    again.addEventListener("click", function () { line.remove(); add([file]); });
  }

  /* La réponse : les lignes, leurs plis, et les comptes. */
  function place(line, html) {
    var parsed = document.createElement("template");
    parsed.innerHTML = html;
    Array.prototype.slice.call(parsed.content.children).forEach(function (part) {
      part.removeAttribute("hx-swap-oob");
      if (part.matches(".ec-file")) list.insertBefore(part, line);
      else if (part.matches("[data-pli]")) folds.appendChild(part);
      else document.getElementById(part.id).replaceWith(part);
      window.htmx.process(part);
    });
    line.remove();
    if (folds.children.length) root.querySelectorAll("[data-suite]").forEach(function (part) { part.hidden = false; });
  }

  /* 2. L'envoi --------------------------------------------------------------------------------- */
  function send(file, line) {
    var request = new XMLHttpRequest(), data = new FormData(), bar = line.querySelector("progress");
    running += 1;
    data.append("fichiers", file);
    data.append("fin", "1"); /* en dernier : sans lui, le fichier est arrivé coupé */
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("X-CSRFToken", form.querySelector('[name="csrfmiddlewaretoken"]').value);
    request.setRequestHeader("X-Nom", encodeURIComponent(file.name.slice(0, 200)));
    request.upload.addEventListener("progress", function (event) {
      if (!event.lengthComputable) return;
      bar.value = event.loaded / event.total;
      if (event.loaded === event.total) say(line, "Contrôle et lecture…");
    });
    request.addEventListener("load", function () {
      var door = request.getResponseHeader("HX-Redirect");
      if (door) { location.assign(door); return; }
      if (request.status === 200) place(line, request.responseText);
      else failed(line, file);
    });
    request.addEventListener("error", function () { failed(line, file); });
    request.addEventListener("loadend", function () { running -= 1; next(); });
    request.send(data);
  }

  function next() {
    while (running < AT_ONCE && waiting.length) {
      var one = waiting.shift();
      send(one.file, one.line);
    }
  }

  function add(files) {
    Array.prototype.slice.call(files).forEach(function (file) { waiting.push({ file: file, line: draw(file) }); });
    next();
  }

  /* Sur un téléphone, le second bouton ouvre l'appareil photo ou les photos ; l'envoi est le même. */
  var taken = form.querySelector("[data-prises]");
  taken.parentNode.hidden = false;
  [input, taken].forEach(function (chosen) {
    chosen.addEventListener("change", function () { add(chosen.files); chosen.value = ""; });
  });
  form.addEventListener("dragover", function (event) { event.preventDefault(); form.classList.add("is-over"); });
  form.addEventListener("dragleave", function () { form.classList.remove("is-over"); });
  form.addEventListener("drop", function (event) {
    event.preventDefault();
    form.classList.remove("is-over");
    add(event.dataTransfer.files);
  });
  /* À côté de la zone, le navigateur ouvrirait le fichier à la place de la page. */
  ["dragover", "drop"].forEach(function (name) {
    document.addEventListener(name, function (event) { if (!form.contains(event.target)) event.preventDefault(); });
  });

  /* 3. Ce qu'on a corrigé reste ----------------------------------------------------------------- */
  document.addEventListener("input", function (event) {
    var fold = event.target.closest("[data-pli]");
    if (!fold) return;
    fold.dataset.touche = "1";
    var who = fold.querySelector('[name$="-personnes"]');
    var empty = Array.prototype.some.call(fold.querySelectorAll("input, select, textarea"), function (control) {
      return !control.value && !/-(changements|lieu|prise_le|accord|accord_fin)$/.test(control.name);
    }) || (who && !fold.querySelector('[name$="-personnes"]:checked'));
    var missing = document.querySelector('[data-manque="' + fold.id.slice(4) + '"]');
    if (missing) missing.hidden = !empty;
  });
  document.addEventListener("htmx:oobBeforeSwap", function (event) {
    if (event.target.dataset.touche) event.preventDefault();
  });
  /* Retirer un fichier : le clavier ne se perd pas en haut de la page. */
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.target.matches && event.target.matches(".ec-file__x") && event.detail.successful) input.focus();
  });
})();
