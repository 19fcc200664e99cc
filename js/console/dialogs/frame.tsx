// The frame of every dialog: title, parts that scroll, foot. Esc and a press beside it close it; what is under way goes on.
import './dialogs.css'
import './forms.css'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Icon, type IconName } from '../shell/icons.js'
import { useKeys } from '../shell/keys.js'
import { strings } from '../strings.js'
import { closeDialog } from './open.js'

interface Props {
  readonly size: 'large' | 'small'
  readonly title: string
  readonly subtitle?: ReactNode
  readonly icon?: IconName
  /** What stands beside the main part, in a large dialog. */
  readonly aside?: ReactNode
  readonly foot: ReactNode
  readonly children: ReactNode
  readonly isAlert?: boolean
  readonly close?: () => void
}

export function Frame({ size, title, subtitle, icon, aside, foot, children, isAlert = false, close = closeDialog }: Props) {
  // A button that was pressed and is gone leaves the focus with the page, where the dialog does not get the key.
  useKeys(
    useCallback(
      ({ key, target }) => {
        if (key !== 'Escape' || target !== document.body) return false
        close()
        return true
      },
      [close],
    ),
  )
  return (
    <ModalOverlay className="scrim" isOpen isDismissable={!isAlert} onOpenChange={(isOpen) => !isOpen && close()}>
      <Modal className={`dialog ${size} ${icon ?? ''}`}>
        <Dialog role={isAlert ? 'alertdialog' : 'dialog'}>
          <header>
            <Heading slot="title" level={2}>
              {icon && <Icon name={icon} />}
              {title}
            </Heading>
            {subtitle !== undefined && <p className="second">{subtitle}</p>}
            <button className="button icon-button quiet-button" type="button" onClick={close} aria-label={strings.acts.close}>
              <Icon name="close" />
            </button>
          </header>
          <Scroller className={aside === undefined ? 'dialog-body' : 'dialog-body split'}>
            <Scroller className="dialog-main">{children}</Scroller>
            {aside !== undefined && <Scroller className="dialog-aside">{aside}</Scroller>}
          </Scroller>
          <footer>{foot}</footer>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

const takesFocus = 'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select:not(:disabled), [tabindex="0"]'

/** A part that can scroll. While it does and has nothing that takes the focus, it takes it, so that keys can scroll it. */
function Scroller({ className, children }: { readonly className: string; readonly children: ReactNode }) {
  const part = useRef<HTMLDivElement>(null)
  const [isStop, setStop] = useState(false)
  useEffect(() => {
    const { current } = part
    if (!current) return
    const measure = () => setStop(/auto|scroll/.test(getComputedStyle(current).overflowY) && current.scrollHeight > current.clientHeight && !current.querySelector(takesFocus))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(current)
    return () => observer.disconnect()
  })
  return (
    <div className={className} ref={part} tabIndex={isStop ? 0 : undefined}>
      {children}
    </div>
  )
}

/** A note: neutral, amber for what is unknown, red for what failed. */
export function Note({ tone = 'plain', title, children }: { readonly tone?: 'plain' | 'warn' | 'bad'; readonly title?: string; readonly children: ReactNode }) {
  return (
    <div className={`note ${tone}`}>
      {title !== undefined && (
        <p className="note-title">
          {tone === 'bad' && <Icon name="error" />}
          {tone === 'warn' && <Icon name="doubt" />}
          {title}
        </p>
      )}
      {children}
    </div>
  )
}
