/* État des lieux : ce que le serveur refuserait est dit avant de confirmer, dans ses mots (data-verifications). Sans réseau,
   personne d'autre ne le dirait, et la remise paraîtrait faite. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-constat]");
  if (!form) return;
  var known = JSON.parse(form.dataset.verifications);

  function named(name) { return Array.from(form.querySelectorAll('[name="' + name + '"]')); }
  function text(name) { return named(name).map(function (one) { return one.value.trim(); }).join(""); }
  function ticked(name) { return named(name).filter(function (one) { return one.checked; }); }
  function whole(words) { return /^\d+$/.test(words) ? Number(words) : NaN; }

  /* Chaque règle dit si la réponse est fausse. */
  var rules = {
    requis: function (one) { return !text(one.champs[0]); },
    coche: function (one) { return !ticked(one.champs[0]).length; },
    au_plus: function (one) { return ticked(one.champs[0]).length > one.max; },
    nom: function (one) { return ticked(one.champs[1]).length && !text(one.champs[0]); },
    entier: function (one) {
      var said = text(one.champs[0]), number = whole(said);
      if (!said && one.vide) return false;
      return !(number >= one.min) || number > one.max;
    },
    somme: function (one) {
      var total = one.champs.reduce(function (sum, name) { return sum + (whole(text(name)) || 0); }, 0);
      return total < one.min || total > one.max;
    },
    pas_tous: function (one) {
      return one.champs.every(function (name) { return ticked(name).some(function (radio) { return radio.value === one.valeur; }); });
    },
    heures: function (one) {
      var said = text(one.champs[0]).replace(/\s/g, "");
      return said && !new RegExp("^\\d{1,8}([.,]\\d{1," + one.decimales + "})?$").test(said);
    }
  };

  function wrongWith(line) {
    var prefix = line.querySelector('[name$="-nom"]').name.slice(0, -4), state = line.querySelector(":checked");
    var title = line.querySelector("h3").textContent + "\u00a0: ", said = known.elements, found = [];
    var count = text(prefix + "-vu"), planned = text(prefix + "-prevu");
    if (!state) return [["id_" + prefix + "-etat_0", title + said.etat]];
    if (said[state.value] && !text(prefix + "-note")) found.push(["id_" + prefix + "-note", title + said[state.value]]);
    if ((state.value === "bon" || state.value === "use") && count && Number(count) < Number(planned || 1)) {
      found.push(["id_" + prefix + "-etat_0", title + said.compte.replace("{vu}", count).replace("{prevu}", planned)]);
    }
    return found;
  }

  /* [identifiant, phrase], dans l'ordre de la page. */
  function errors() {
    var told = {}, found = [];
    form.querySelectorAll("[data-element]").forEach(function (line) { found = found.concat(wrongWith(line)); });
    known.champs.forEach(function (one) {
      var first = named(one.champs[0])[0];
      if (!first || told[first.id] || !rules[one.regle](one)) return;
      told[first.id] = true;
      found.push([first.id, one.phrase]);
    });
    return found;
  }

  function show(errors) {
    var box = document.createElement("div"), title = document.createElement("h2"), list = document.createElement("ul");
    box.className = "ec-errors mb-4";
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    title.className = "ec-h3";
    title.textContent = "À corriger avant de confirmer";
    errors.forEach(function (error) {
      var line = document.createElement("li"), target = error[0] && document.getElementById(error[0]), link;
      if (target) {
        link = document.createElement("a");
        link.href = "#" + error[0];
        link.textContent = error[1];
        line.append(link);
        if (target.type !== "radio" && target.closest("[data-element]")) target.closest("[data-element]").classList.add("is-open");
        if (target.closest("details")) target.closest("details").open = true;
      } else line.textContent = error[1];
      list.append(line);
    });
    box.append(title, list);
    form.querySelector("[data-erreurs]").replaceChildren(box);
    box.focus();
  }

  /* Ce qui n'a pas encore de réponse, sauf ce qui manquait ou était abîmé la fois d'avant : celui-là se regarde. */
  form.querySelectorAll("[data-tout-bon]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      form.querySelectorAll("[data-element]:not([data-avant])").forEach(function (line) {
        if (!line.querySelector(":checked")) line.querySelector('[value="bon"]').checked = true;
      });
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });

  window.ecConstat = { errors: errors, show: show };
})();
