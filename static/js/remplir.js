/* Un modèle à remplir : ce que l'on dit du document est gardé dans cet onglet, pour l'écrire ensuite d'une autre commune.
   Rien n'est envoyé, rien ne survit à l'onglet ni à la déconnexion (site.js). La clé porte le compte et le modèle.
   Sans ce fichier, la page est un formulaire ordinaire. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-reprise]");
  if (!form) return;
  var key = "ec-remplir-" + form.dataset.reprise, notice = document.getElementById("reprise");

  function fields() { return Array.prototype.slice.call(form.querySelectorAll("[data-du-jour] [name]")); }

  function read() {
    try { return JSON.parse(sessionStorage.getItem(key) || "{}"); } catch (error) { return {}; }
  }

  function keep() {
    var said = {};
    fields().forEach(function (field) { if (field.value) said[field.name] = field.value; });
    try { sessionStorage.setItem(key, JSON.stringify(said)); } catch (error) { /* plein ou fermé : rien à reprendre */ }
  }

  /* Une page que le serveur rend avec des réponses les tient de la personne : elles passent avant. */
  if ("vierge" in form.dataset) {
    var said = read(), taken = [];
    fields().forEach(function (field) {
      if (field.value || !said[field.name]) return;
      field.value = said[field.name];
      taken.push(field);
    });
    notice.hidden = !taken.length;
    document.getElementById("reprise-vider").addEventListener("click", function () {
      taken.forEach(function (field) { field.value = ""; });
      sessionStorage.removeItem(key);
      notice.hidden = true;
      if (taken.length) taken[0].focus();
    });
  } else {
    keep();
  }
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
})();
