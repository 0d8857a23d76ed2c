/* Clés d’accès : le navigateur demande la clé à l’appareil, puis le formulaire part comme un autre.
   Sans JavaScript ou sans clés dans le navigateur, les boutons restent cachés : on entre par un code. */
(function () {
  "use strict";
  var webauthn = window.webauthnJSON;

  var WORDS = {
    NotAllowedError: "La demande a été annulée ou a trop attendu. Recommencez quand vous êtes prêt·e.",
    InvalidStateError: "Cette clé est déjà enregistrée sur votre compte.",
    SecurityError: "Cette adresse ne permet pas les clés d’accès. Entrez par un code.",
    other: "La clé n’a pas pu être lue. Recommencez, ou entrez par un code."
  };

  function tell(form, error) {
    var words = form.querySelector("template").content.cloneNode(true);
    words.querySelector("span").textContent = WORDS[error.name] || WORDS.other;
    form.querySelector('[role="alert"]').replaceChildren(words);
  }

  function options() {
    return JSON.parse(document.getElementById("options-cle").textContent);
  }

  var ASK = {
    /* Entrer : les options sont demandées au moment du clic, pour ne rien écrire à l’affichage de la page. */
    entrer: async function (form) {
      var answer = await fetch(form.action, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      return webauthn.get((await answer.json()).request_options);
    },
    confirmer: async function () { return webauthn.get(options().request_options); },
    ajouter: async function () { return webauthn.create(options().creation_options); }
  };

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-cle]").forEach(function (form) {
      if (!webauthn || !webauthn.supported()) {
        document.querySelectorAll("[data-sans-cle]").forEach(function (node) { node.hidden = false; });
        return;
      }
      form.hidden = false;
      form.addEventListener("submit", async function (event) {
        event.preventDefault();
        form.querySelector('[role="alert"]').replaceChildren();
        try {
          form.elements.credential.value = JSON.stringify(await ASK[form.dataset.cle](form));
          HTMLFormElement.prototype.submit.call(form);
        } catch (error) {
          tell(form, error);
        }
      });
    });
  });
})();
