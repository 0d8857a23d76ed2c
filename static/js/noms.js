/* Une longue liste de personnes à cocher : un champ qui n'en laisse voir que quelques-unes, par leur nom ou leur
   fonction. Qui est coché reste visible ; sans ce fichier, toute la liste est là. */
(function () {
  "use strict";

  function plain(words) {
    return words.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  function sift(box) {
    var wanted = plain(box.querySelector("input").value).split(/\s+/).filter(Boolean), shown = 0;
    box.parentElement.querySelectorAll("label[data-nom]").forEach(function (row) {
      var words = plain(row.dataset.nom);
      var found = wanted.every(function (word) { return words.includes(word); });
      row.hidden = !found && !row.querySelector("input").checked;
      if (found) shown += 1;
    });
    var said = shown === 0 ? "Aucune personne de ce nom." : shown === 1 ? "Une personne." : shown + " personnes.";
    box.querySelector("[role=status]").textContent = wanted.length ? said : "";
  }

  function ready() {
    document.querySelectorAll("[data-noms]").forEach(function (box) { box.hidden = false; sift(box); });
  }

  function field(event) { return event.target.closest && event.target.closest("[data-noms] input"); }

  document.addEventListener("input", function (event) {
    if (field(event)) sift(event.target.closest("[data-noms]"));
  });
  /* Chercher un nom n'est ni envoyer la demande, ni changer son récapitulatif. */
  document.addEventListener("change", function (event) { if (field(event)) event.stopPropagation(); }, true);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && field(event)) event.preventDefault();
  });
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:afterSettle", ready);
  window.addEventListener("pageshow", ready);
})();
