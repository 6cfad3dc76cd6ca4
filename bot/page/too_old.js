// Only browsers that know no modules run this: they get one sentence, in the oldest JavaScript there is.
(function () {
  document.getElementById("title").innerHTML = "This browser is too old for video meetings";
  document.getElementById("about").innerHTML =
    "Please update it, or open the link in a current Chrome, Edge, Firefox or Safari.";
  document.getElementById("actions").style.display = "none";
})();
