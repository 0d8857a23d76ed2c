/* Proposer un matériel : les boutons plus et moins, et combien de questions ont leur réponse. Sans ce fichier, la page
   marche : le nombre se tape, la photo part avec le reste. */
(function () {
  "use strict";
  var form = document.querySelector("[data-fiche]");
  if (!form) return;
  var stock = form.querySelector("#id_stock"), count = form.querySelector("[data-compte]");

  function answered() {
    return [
      form.querySelector('[name="photos"]'),
      form.querySelector("#id_nom").value.trim(),
      form.querySelector('[name="categorie"]:checked'),
      !stock || Number(stock.value) > 0,
      form.querySelector('[name="lieu"]:checked')
    ].filter(Boolean).length;
  }

  function tell() {
    if (stock) form.querySelector('[data-pas="-1"]').disabled = Number(stock.value) <= 1;
    count.hidden = false;
    count.querySelector("span").textContent = answered() + (answered() > 1 ? " réponses sur 5" : " réponse sur 5");
  }

  form.addEventListener("click", function (event) {
    var step = event.target.closest("[data-pas]");
    if (!step) return;
    stock.value = Math.max(1, (parseInt(stock.value, 10) || 0) + Number(step.dataset.pas));
    stock.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener("input", tell);
  form.addEventListener("change", tell);
  document.addEventListener("htmx:afterSettle", tell);
  document.addEventListener("htmx:oobAfterSwap", tell);
  /* L'envoi a échoué : le fichier reste choisi, il partira avec la fiche. */
  ["htmx:sendError", "htmx:responseError"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var said = event.target.closest && event.target.closest("#q-photos");
      if (said) said.querySelector(".ec-saved span").textContent = "La photo n’est pas encore partie. Elle partira avec la fiche.";
    });
  });
  tell();
})();
