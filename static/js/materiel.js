/* Le calendrier d'un matériel au clavier et au doigt, ses photos, la suite d'une liste. Tout marche sans ce fichier :
   un jour libre est un lien, une vignette aussi. */
(function () {
  "use strict";

  var STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

  function field(name) { return document.querySelector('#demander [name="' + name + '"]'); }

  /* 1. Les jours choisis : le premier touché commence la période, un jour d'après la finit ------------- */
  function chosen() {
    var from = field("date_debut"), to = field("date_fin");
    return { du: from ? from.value : "", au: to ? to.value || from.value : "" };
  }

  function choose(from, to) {
    var inputs = [field("date_debut"), field("date_fin")];
    inputs[0].value = from;
    inputs[1].value = to;
    inputs[1].dispatchEvent(new Event("change", { bubbles: true }));
    mark();
  }

  function pick(day) {
    var now = chosen();
    if (now.du && now.du === now.au && day > now.du) choose(now.du, day);
    else choose(day, day);
  }

  function mark() {
    var now = chosen(), some = false;
    document.querySelectorAll("[data-calendrier] td[data-date]").forEach(function (cell) {
      var on = Boolean(now.du) && cell.dataset.date >= now.du && cell.dataset.date <= now.au;
      cell.classList.toggle("is-picked", on);
      var link = cell.querySelector("a");
      if (link) link.setAttribute("aria-pressed", String(on));
      some = some || on;
    });
    document.querySelectorAll("[data-legende-choix]").forEach(function (entry) {
      entry.classList.toggle("d-none", !some);
    });
  }

  /* 2. Le clavier : un seul jour dans l'ordre de tabulation, les flèches vont de jour libre en jour libre  */
  function links() { return Array.from(document.querySelectorAll("[data-calendrier] .ec-month__a")); }

  function ready() {
    if (!field("date_debut")) return;
    var all = links();
    var start = all.find(function (link) { return link.closest(".is-picked"); }) || all[0];
    all.forEach(function (link) {
      link.setAttribute("role", "button");
      link.tabIndex = link === start ? 0 : -1;
    });
    mark();
  }

  function shifted(day, days) {
    var date = new Date(day + "T12:00:00Z");
    date.setUTCDate(date.getUTCDate() + days);
    return date.toISOString().slice(0, 10);
  }

  function goTo(link) {
    links().forEach(function (one) { one.tabIndex = one === link ? 0 : -1; });
    link.focus();
  }

  function move(link, step) {
    var cells = {}, day = link.closest("td").dataset.date;
    document.querySelectorAll("[data-calendrier] td[data-date]").forEach(function (cell) {
      cells[cell.dataset.date] = cell;
    });
    for (day = shifted(day, step); cells[day]; day = shifted(day, step)) {
      var next = cells[day].querySelector("a");
      if (next) return goTo(next);
    }
  }

  document.addEventListener("keydown", function (event) {
    var link = event.target.closest(".ec-month__a");
    if (!link || !field("date_debut")) return;
    if (STEPS[event.key]) {
      event.preventDefault();
      move(link, STEPS[event.key]);
    } else if (event.key === " ") {
      event.preventDefault();
      link.click();
    } else if (event.key === "PageUp" || event.key === "PageDown") {
      var other = document.getElementById(event.key === "PageUp" ? "mois-avant" : "mois-apres");
      event.preventDefault();
      if (other) other.click();
    }
  });

  document.addEventListener("click", function (event) {
    var day = event.target.closest("[data-calendrier] .ec-month__a"), other = event.target.closest("a[data-du]");
    if (!field("date_debut") || event.ctrlKey || event.metaKey) return;
    if (day) {
      event.preventDefault();
      pick(day.closest("td").dataset.date);
      goTo(day);
    } else if (other) {
      event.preventDefault();
      if (other.dataset.combien && field("quantite")) field("quantite").value = other.dataset.combien;
      choose(other.dataset.du, other.dataset.au);
      field("date_debut").focus();
    }
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches('#demander [name="date_debut"], #demander [name="date_fin"]')) mark();
  });

  /* 3. Les photos : la vignette touchée prend la grande place ------------------------------------------ */
  document.addEventListener("click", function (event) {
    var thumb = event.target.closest("[data-vignettes] a"), large = document.querySelector("[data-photo]");
    if (!thumb || !large || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    large.src = thumb.href;
    large.width = thumb.dataset.largeur;
    large.height = thumb.dataset.hauteur;
    large.alt = thumb.dataset.alt;
    document.querySelector("[data-legende]").textContent = thumb.textContent.trim();
    document.querySelectorAll("[data-vignettes] a").forEach(function (one) {
      one.classList.toggle("is-on", one === thumb);
      if (one === thumb) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    });
  });

  /* 4. Après un échange : le calendrier reprend ses jours, le focus va au premier matériel ajouté ------- */
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.target.id === "agenda") {
      ready();
      if (document.activeElement === document.body) event.target.focus({ preventScroll: true });
    }
    var first = document.querySelector("[data-premier] h3 a");
    if (first) {
      first.closest("[data-premier]").removeAttribute("data-premier");
      first.focus();
    }
  });

  document.addEventListener("DOMContentLoaded", ready);
})();
