Feature: Who cannot read, and what was only said
  A thumb print counts as a signature once the text was read out. What was only said may be denied later.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: signed - a thumb print counts
    Scenario: Bram cannot read
      Given Bram owes Asha "500" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is agreed
      And Ma has read the agreement out to Bram in his dialect, who signs by thumb print
      And Asha has signed
      And Ma has signed
      When Bram signs
      Then the case is "Being performed"
      And the thumb print of Bram is on file

  Rule: deny_agreement - an oral agreement that is denied is offered in writing
    Scenario: Bram says that he never agreed
      Given Asha's dispute with Bram is in session
      And Ma has noted an oral agreement, performed on the spot
      And Ma has signed
      When Bram denies the agreement
      Then Asha and Bram have the "Offer to write the agreement down"
      And it is marked as weak evidence
      And the case is "Performed, being followed up"

  Rule: only_oral - a written agreement speaks for itself
    Scenario: Bram denies what he signed
      Given Asha's dispute with Bram is being performed
      When Bram denies the agreement
      Then it is refused under "only_oral"
