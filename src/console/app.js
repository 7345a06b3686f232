document.title = "imhook";
