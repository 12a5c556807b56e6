import { render } from 'preact'
import { Page } from './ui/frame/page.tsx'

const place = document.getElementById('page')
if (place) render(<Page />, place)
