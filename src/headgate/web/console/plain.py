"""What is shown where the console was not built: what to do, and where the API is."""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Headgate</title>
</head>
<body>
<main>
<h1>Headgate runs, without its console</h1>
<p>This copy was installed without the console's files. From a checkout, build them and
start again:</p>
<pre>make web</pre>
<p>Everything else works: <code>headgate status</code> shows what runs, <code>headgate --help</code>
what can be done, and <a href="/openapi.json">/openapi.json</a> describes the HTTP API.</p>
</main>
</body>
</html>
"""
