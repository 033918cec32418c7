Feature: From words to an agreement
  A written agreement is in force with the last signature, an oral one with the mediator's note.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: signed - a written agreement needs every party and the mediator
    Scenario: One signature is missing
      Given Asha's dispute with Bram is agreed
      And Asha has signed
      When Ma signs
      Then the case is "Agreed, to be signed"

    Scenario: The last signature
      Given Bram owes Asha "500" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is agreed
      And Asha has signed
      And Ma has signed
      When Bram signs
      Then the case is "Being performed"
      And the deadline "Obligation" is Monday 29 April 2024

    Scenario: An oral agreement, performed on the spot
      Given Asha's dispute with Bram is in session
      And Ma has noted an oral agreement, performed on the spot
      When Ma signs
      Then the case is "Performed, being followed up"

  Rule: in_writing - what is not performed at once is written
    Scenario: An oral promise for later
      Given Asha's dispute with Bram is in session
      When Ma notes an oral agreement, to be performed later
      Then it is refused under "in_writing"

  Rule: invited_agreed - others sit at the table only if the parties agree
    Scenario: An uncle nobody was asked about
      Given Asha's dispute with Bram is in session
      When Ma adjourns, having invited an uncle without asking
      Then it is refused under "invited_agreed"

  Rule: leave_rest - a part may be agreed and the rest left to other ways
    Scenario: Agreed in part
      Given Bram owes Asha "500" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is agreed in part
      When Ma leaves the rest
      Then the case is "Being performed"
      And Asha and Bram have the "Notice of the other ways open"

    Scenario: What was agreed in part stands when the rest fails
      Given Bram owes Asha "500" yuan by Monday 29 April 2024
      And Asha's dispute with Bram is agreed in part
      And Ma goes on with the rest
      When Ma ends the mediation
      Then the case is "Being performed"
