import { createHash } from 'node:crypto'
import { pageScript } from './page-script.ts'
import { pageStyle } from './page-style.ts'

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The page at /docs: nothing comes from elsewhere, and nothing runs but the script whose hash the policy names. */
export const docsPage: string = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Regal API</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<nav aria-label="Resources">
<a href="#"><strong>Regal</strong></a> <small id="version"></small>
<input id="filter" type="search" placeholder="Filter  ( / )" aria-label="Filter operations">
<ul id="tags"></ul>
</nav>
<main id="main" tabindex="-1">Loading&hellip;</main>
<script>${pageScript}</script>
</body>
</html>
`

export const docsHeaders: Record<string, string> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    "connect-src 'self'",
    'img-src data:',
    `style-src ${hashOf(pageStyle)}`,
    `script-src ${hashOf(pageScript)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join('; ')
}
