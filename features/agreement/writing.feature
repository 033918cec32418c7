Feature: Who cannot read, who sends another, who denies
  A thumb print binds whoever heard the paper read out. A spoken word may be denied, so paper is offered.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: signed - a thumb print counts once the paper was read out
    Scenario: Nobody read it to him
      Given Bram does not read
      And Asha's dispute with Bram is agreed
      And Asha has signed
      And Ma has signed
      When Bram signs
      Then the case is "Agreed, to be signed"

    Scenario: Ma read it out
      Given Bram does not read
      And Asha's dispute with Bram is agreed
      And Ma has read the agreement out to Bram
      And Asha has signed
      And Ma has signed
      When Bram signs
      Then the case is "Performed, being followed up"

  Rule: understood - with a party of another language an interpreter sits at the table
    Scenario: No interpreter
      Given a party speaks another language
      And Asha's dispute with Bram is in session
      When Ma concludes it
      Then it is refused under "understood"

    Scenario: An interpreter
      Given a party speaks another language
      And Asha's dispute with Bram is in session
      When Ma concludes it with an interpreter
      Then the case is "Agreed, to be signed"

  Rule: heard_apart - where one depends on the other, each is heard alone
    Scenario: Only together
      Given one party depends on the other
      And Asha's dispute with Bram is in session
      When Ma concludes it
      Then it is refused under "heard_apart"

    Scenario: Each alone
      Given one party depends on the other
      And Asha's dispute with Bram is in session
      And Ma has talked with Asha and Bram alone
      When Ma concludes it
      Then the case is "Agreed, to be signed"

  Rule: powers_in_writing - an attorney sits at the table with written powers
    Scenario: On his word alone
      Given Asha's dispute with Bram is in Ma's hands
      And Bram sends an attorney without written powers
      When Ma opens a session
      Then it is refused under "powers_in_writing"

    Scenario: With written powers
      Given Asha's dispute with Bram is in Ma's hands
      And Bram sends an attorney with written powers
      When Ma opens a session
      Then the case is "In session"

  Rule: may_settle - an attorney agrees only with powers that say so
    Scenario: Powers to speak
      Given Asha's dispute with Bram is in Ma's hands
      And Bram sends an attorney with written powers
      And Ma has opened a session
      When Ma concludes it
      Then it is refused under "may_settle"

    Scenario: Powers to agree
      Given Asha's dispute with Bram is in Ma's hands
      And Bram sends an attorney with written powers to agree
      And Ma has opened a session
      When Ma concludes it
      Then the case is "Agreed, to be signed"

  Rule: only_oral - an oral agreement may be denied, and paper is offered
    Scenario: Bram denies it
      Given Asha and Bram have agreed orally before Ma
      When Bram denies the agreement
      Then Asha and Bram have the "Offer to write the agreement down"
      And the file says that it rests on an oral agreement

    Scenario: It is written down after all
      Given Asha and Bram have agreed orally before Ma
      And Bram has denied the agreement
      When Ma writes it down
      Then the case is "Agreed, to be signed"

    Scenario: A signed paper speaks for itself
      Given Asha's dispute with Bram is being performed
      When Bram denies the agreement
      Then it is refused under "only_oral"
