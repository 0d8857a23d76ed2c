/* État des lieux : le formulaire ouvert est gardé sur l'appareil à chaque geste, avec ses photos réduites. Sans réseau, il
   attend ; au retour du réseau il part une fois, avec sa clé, et s'efface dès qu'il est reçu ou au bout de sept jours.
   La base porte le numéro du compte : personne d'autre ne la lit, et se déconnecter la supprime (site.js).
   Ce qui est à corriger se dit d'abord (constat-controles.js). Sans ces fichiers, la page est un formulaire ordinaire. */
(function () {
  "use strict";
  var WEEK = 7 * 24 * 3600 * 1000, SIDE = 1600, THUMB = 240, RETRY = 30000;
  var holder = document.querySelector("[data-compte]");
  if (!holder || !window.indexedDB) return;
  var account = holder.dataset.compte;
  var form = document.querySelector("form[data-constat]");
  var photos = {}; /* champ : [{nom, type, octets, apercu, heure}] */
  var database = open(), adding = Promise.resolve(), busy = false, changed = false;

  /* 1. Ce qui est gardé ------------------------------------------------------------------------- */
  function open() {
    return new Promise(function (done, failed) {
      var asked = window.indexedDB.open("ec-constats-" + account, 1);
      asked.onupgradeneeded = function () { asked.result.createObjectStore("constats", { keyPath: "page" }); };
      asked.onsuccess = function () {
        asked.result.onversionchange = function () { asked.result.close(); };
        done(asked.result);
      };
      asked.onerror = function () { failed(asked.error); };
    });
  }

  function run(mode, act) {
    return database.then(function (base) {
      return new Promise(function (done, failed) {
        var step = base.transaction("constats", mode), asked = act(step.objectStore("constats"));
        step.oncomplete = function () { done(asked.result); };
        step.onerror = step.onabort = function () { failed(step.error); };
      });
    });
  }

  function all() { return run("readonly", function (store) { return store.getAll(); }); }
  function keep(record) { return run("readwrite", function (store) { return store.put(record); }).then(mark); }
  function forget(page) { return run("readwrite", function (store) { return store.delete(page); }).then(mark); }

  /* Ce que site.js lit sur toutes les pages, pour effacer ce que sept jours ont périmé. */
  function mark() {
    return all().then(function (records) {
      try {
        var known = JSON.parse(localStorage.getItem("ec-constats") || "{}");
        if (records.length) known[account] = Math.max.apply(null, records.map(function (one) { return one.le; }));
        else delete known[account];
        localStorage.setItem("ec-constats", JSON.stringify(known));
      } catch (error) { /* stockage refusé : la base s'efface à sa prochaine lecture */ }
    });
  }

  function sweep() {
    return all().then(function (records) {
      return Promise.all(records.filter(function (one) { return Date.now() - one.le > WEEK; })
        .map(function (one) { return forget(one.page); }));
    });
  }

  function words() {
    var skip = { csrfmiddlewaretoken: 1 };
    return Array.from(new FormData(form)).filter(function (pair) {
      return typeof pair[1] === "string" && !skip[pair[0]];
    });
  }

  function save(state) {
    if (!form || (!changed && !state)) return Promise.resolve();
    var record = {
      page: location.pathname, titre: form.dataset.titre, le: Date.now(), etat: state || "brouillon",
      champs: words(), photos: photos, cle: form.elements.cle.value
    };
    return keep(record).then(function () {
      say("garde", "Enregistré sur cet appareil à " + hour(new Date()));
    }, function () { say("garde", ""); }).then(function () { return record; }); /* appareil plein : il part quand même */
  }

  /* 2. Les photos -------------------------------------------------------------------------------- */
  function hour(date) { return date.getHours() + "\u00a0h\u00a0" + String(date.getMinutes()).padStart(2, "0"); }

  function draw(image, side) {
    var ratio = Math.min(1, side / Math.max(image.width, image.height)), canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * ratio);
    canvas.height = Math.round(image.height * ratio);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  /* Réduite ici : une photo de téléphone pèse dix fois trop pour un réseau de campagne. Ce que le navigateur ne sait pas
     lire (HEIC) part tel quel, le serveur le convertit. */
  function shrink(file) {
    return window.createImageBitmap(file).then(function (image) {
      return new Promise(function (done) {
        draw(image, SIDE).toBlob(function (blob) {
          done({ blob: blob, nom: file.name.replace(/\.\w+$/, "") + ".jpg", apercu: draw(image, THUMB).toDataURL("image/jpeg", 0.7) });
        }, "image/jpeg", 0.82);
      });
    }).catch(function () { return { blob: file, nom: file.name, apercu: "" }; }).then(function (small) {
      return small.blob.arrayBuffer().then(function (bytes) {
        return { nom: small.nom, type: small.blob.type, octets: bytes, apercu: small.apercu, heure: hour(new Date()) };
      });
    });
  }

  function show(field) {
    var list = form.querySelector('[data-photos="' + field + '"]'), kept = photos[field] || [];
    if (!list) return;
    list.hidden = !kept.length;
    list.replaceChildren.apply(list, kept.map(function (photo, rank) {
      var line = document.createElement("li"), figure = document.createElement("figure");
      var caption = document.createElement("figcaption"), cross = document.createElement("button");
      figure.className = "ec-photo";
      if (photo.apercu) {
        var image = document.createElement("img");
        image.src = photo.apercu;
        image.alt = "Photo prise à " + photo.heure;
        figure.append(image);
      }
      caption.textContent = photo.apercu ? photo.heure : photo.nom;
      cross.type = "button";
      cross.className = "ec-iconbtn";
      cross.innerHTML = document.getElementById("constat-croix").innerHTML;
      cross.querySelector("span").textContent = "Retirer la photo\u00a0: " + photo.heure;
      cross.addEventListener("click", function () {
        photos[field].splice(rank, 1);
        show(field);
        touched();
      });
      figure.append(caption, cross);
      line.append(figure);
      return line;
    }));
  }

  function add(input) {
    var files = Array.from(input.files);
    input.value = "";
    adding = Promise.all([adding].concat(files.map(shrink))).then(function (made) {
      photos[input.name] = (photos[input.name] || []).concat(made.slice(1));
      show(input.name);
      touched();
    });
  }

  /* 3. La page ------------------------------------------------------------------------------------ */
  function say(where, text) {
    var place = document.querySelector("[data-" + where + "]");
    if (!place) return;
    place.hidden = !text;
    (place.querySelector("span") || place).textContent = text;
  }

  function count() {
    var lines = Array.from(form.querySelectorAll("[data-element]"));
    var seen = lines.filter(function (line) { return line.querySelector(":checked"); }).length;
    var names = form.querySelectorAll("[data-qui]:not([data-libre]) > label input:not(:checked)").length;
    var left = lines.length - seen, rest = [], title = form.elements.habilitation_vue;
    if (left) rest.push(left === 1 ? "un élément à voir" : left + " éléments à voir");
    if (title && !(title.checked && form.elements.nom_conducteur.value.trim())) rest.push("le titre de qui conduira à voir");
    if (names) rest.push(names === 1 ? "un nom à cocher" : "les deux noms à cocher");
    form.querySelector("[data-vus]").textContent = seen + (seen > 1 ? " vus" : " vu") + " sur " + lines.length;
    say("a-faire", rest.length ? "Il reste " + rest.join(", ").replace(/, ([^,]*)$/, " et $1") + "." : "");
  }

  function touched() { changed = true; count(); window.clearTimeout(touched.timer); touched.timer = window.setTimeout(save, 300); }

  function restore(record) {
    var given = {};
    record.champs.forEach(function (pair) { (given[pair[0]] = given[pair[0]] || []).push(pair[1]); });
    Array.from(form.elements).forEach(function (control) {
      if (!control.name || control.type === "file" || control.name === "csrfmiddlewaretoken") return;
      if (/radio|checkbox/.test(control.type)) control.checked = (given[control.name] || []).indexOf(control.value) >= 0;
      else if (given[control.name]) control.value = given[control.name][0];
    });
    photos = record.photos || {};
    Object.keys(photos).forEach(show);
    form.querySelectorAll('[data-qui] input[type="text"]').forEach(rename);
    changed = true;
    say("garde", "Repris de cet appareil, noté à " + hour(new Date(record.le)));
  }

  function rename(input) {
    input.closest("[data-qui]").querySelector("[data-nom]").textContent = input.value.trim() || "Une personne à nommer";
  }

  function waiting() {
    var seen = form ? form.querySelectorAll('[data-element] :checked:not([value="sans"])').length : 0;
    if (!document.getElementById("confirmation")) return;
    say("resume", "État des lieux fait à " + hour(new Date()) + (seen ? "\u00a0: " + seen + (seen > 1 ? " éléments vus." : " élément vu.") : "."));
    location.hash = "confirmation";
    document.getElementById("confirmation").focus();
  }

  /* 4. L'envoi ------------------------------------------------------------------------------------ */
  function token() {
    var field = document.querySelector('input[name="csrfmiddlewaretoken"]');
    return field ? field.value : JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  }

  function post(record) {
    var data = new FormData();
    record.champs.forEach(function (pair) { data.append(pair[0], pair[1]); });
    Object.keys(record.photos || {}).forEach(function (field) {
      record.photos[field].forEach(function (photo) {
        data.append(field, new File([photo.octets], photo.nom, { type: photo.type }));
      });
    });
    return fetch(record.page, {
      method: "POST", body: data, redirect: "manual", credentials: "same-origin",
      headers: { Accept: "application/json", "X-CSRFToken": token() }
    });
  }

  /* Reçu : on l'oublie. À corriger : il redevient un brouillon. Session fermée ou réseau coupé : il attend. */
  function send(record) {
    var here = form && record.page === location.pathname;
    return post(record).then(function (answer) {
      if (answer.status === 201) return answer.json().then(function (said) {
        return forget(record.page).then(function () { location.assign(said.url); });
      });
      if (answer.status === 422) return answer.json().then(function (said) {
        record.etat = "brouillon";
        return keep(record).then(function () {
          if (!here) return;
          location.hash = "contenu";
          window.ecConstat.show(said.erreurs);
        });
      });
      if (answer.type === "opaqueredirect" || answer.status === 403) {
        say("attente", "Votre session est fermée. Reconnectez-vous sur cet appareil\u00a0: l’état des lieux partira ensuite.");
      }
      if (here) waiting();
    }, function () {
      offline(true);
      if (here) waiting();
    });
  }

  function once(act) {
    if (busy) return Promise.resolve();
    busy = true;
    return act().catch(function () { /* on recommencera */ }).finally(function () { busy = false; });
  }

  function flush() {
    return once(function () {
      return all().then(function (records) {
        return records.filter(function (one) { return one.etat === "a_envoyer"; }).reduce(function (before, one) {
          return before.then(function () { return send(one); });
        }, Promise.resolve());
      });
    });
  }

  function offline(cut) {
    var banner = document.querySelector("[data-hors-ligne]");
    if (banner) banner.hidden = !cut;
  }

  /* 5. Le départ ----------------------------------------------------------------------------------- */
  function begin(records) {
    var kept = records.find(function (one) { return one.page === location.pathname; });
    if (form.querySelector("[data-erreurs] .ec-errors")) kept = null; /* la page revient du serveur : elle dit déjà tout */
    if (kept) restore(kept);
    count();
    if (kept && kept.etat === "a_envoyer") waiting();
    form.addEventListener("input", function (event) {
      if (event.target.closest("[data-qui]") && event.target.type === "text") rename(event.target);
      touched();
    });
    form.addEventListener("change", function (event) { if (event.target.type === "file") add(event.target); else touched(); });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var errors = window.ecConstat.errors();
      if (errors.length) return window.ecConstat.show(errors);
      form.elements.fait_le.value = new Date().toISOString();
      adding.then(function () {
        window.clearTimeout(touched.timer); /* sinon il redeviendrait un brouillon */
        return save("a_envoyer");
      }).then(function (record) { return once(function () { return send(record); }); });
    });
    document.querySelectorAll("[data-envoyer]").forEach(function (button) { button.addEventListener("click", flush); });
  }

  window.addEventListener("online", function () { offline(false); flush(); });
  window.addEventListener("offline", function () { offline(true); });
  window.setInterval(flush, RETRY);
  offline(!navigator.onLine);
  sweep().then(function () {
    var received = document.querySelector("[data-constat-recu]");
    return all().then(function (records) {
      records.filter(function (one) { return received && one.cle === received.dataset.constatRecu; })
        .forEach(function (one) { forget(one.page); });
      if (form) begin(records);
      return flush();
    });
  }).catch(function () { /* appareil sans mémoire : le formulaire s'envoie comme un autre */ });
})();
