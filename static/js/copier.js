/* Copier un texte de la page : le bouton data-copier nomme le champ, et dit ce qui s’est passé. */
(function () {
  "use strict";

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copier]");
    if (!button) return;
    var field = document.getElementById(button.dataset.copier);
    var status = document.getElementById(button.dataset.etat);

    function say(words) {
      status.textContent = "";
      window.setTimeout(function () { status.textContent = words; }, 50);
    }
    function byHand() {
      field.focus();
      field.select();
      say(button.dataset.main);
    }
    if (!navigator.clipboard) return byHand();
    navigator.clipboard.writeText(field.value).then(function () { say(button.dataset.fait); }, byHand);
  });
})();
